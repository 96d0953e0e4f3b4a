using System.Text.RegularExpressions;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Pages quote the code as it is, and their links lead somewhere.</summary>
public sealed partial class PageTests
{
    [Theory]
    [MemberData(nameof(Quotes))]
    public void Quote_OfAFile_StandsInTheFile(string page, string file, int number)
    {
        var quote = QuoteOf().Matches(Read(page))[number].Groups[2].Value;

        Assert.True(Read(file).Contains(quote + "\n", StringComparison.Ordinal), $"{page} quotes {file}, but these lines are not in it:\n{quote}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_WithinTheRepository_LeadToAFile(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        var broken = Link().Matches(Read(page))
            .Select(m => m.Groups[1].Value)
            .Where(target => !target.StartsWith('#') && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(RepositoryFiles.Root, folder, target.Split('#')[0])));

        Assert.Empty(broken);
    }

    [Fact]
    public void Quotes_OfEveryRecipe_AreFound() => Assert.True(Quotes().Count >= 10);

    public static TheoryData<string> Pages() =>
    [
        .. Directory.EnumerateFiles(RepositoryFiles.Find("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(RepositoryFiles.Find("samples"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(RepositoryFiles.Root, "*.md"))
            .Select(f => Path.GetRelativePath(RepositoryFiles.Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string, string, int> Quotes() =>
    [
        .. from page in Pages()
           from match in QuoteOf().Matches(Read(page.Data)).Index()
           select (page.Data, match.Item.Groups[1].Value, match.Index),
    ];

    private static string Read(string path) => File.ReadAllText(RepositoryFiles.Find(path)).ReplaceLineEndings("\n");

    [GeneratedRegex("<!-- from: ([^ ]+) -->\n```[a-z]+\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex QuoteOf();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
