using System.Text.RegularExpressions;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// One step of docs/walkthrough.md. The page marks it with <c>walkthrough: name</c> in a comment, then comes the code, then
/// what it prints; the test marks the same code with <c>// walkthrough: name</c> and <c>// end</c>.
/// </summary>
internal sealed partial class WalkthroughPage(string step)
{
    private static readonly string[] Sources = ["WalkthroughTests.cs", "FourChannels.cs"];
    private readonly List<string> _printed = [];

    /// <summary>The names of all steps on the page, in order.</summary>
    public static IReadOnlyList<string> Steps { get; } = [.. StepMarker().Matches(Page()).Select(m => m.Groups[1].Value)];

    /// <summary>The names of all steps marked in the tests.</summary>
    public static IReadOnlyList<string> TestedSteps { get; } = [.. Sources.SelectMany(s => CodeMarker().Matches(Source(s)).Select(m => m.Groups[1].Value))];

    public void Print(string line) => _printed.Add(line);

    /// <summary>Requires that the page shows this step's code and what it has printed.</summary>
    public void RequireShown()
    {
        var blocks = Blocks();
        Assert.Equal(Code(), blocks[0]);
        if (_printed.Count > 0)
        {
            Assert.Equal(string.Join('\n', _printed), blocks.Count > 1 ? blocks[1] : "");
        }
    }

    private List<string> Blocks()
    {
        var start = Page().IndexOf($"<!-- walkthrough: {step} -->", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/walkthrough.md has no step '{step}'.");
        var next = StepMarker().Match(Page(), start + 1);
        var section = Page()[start..(next.Success ? next.Index : Page().Length)];
        return [.. Fence().Matches(section).Select(m => m.Groups[1].Value)];
    }

    private string Code()
    {
        var lines = Sources.SelectMany(s => Source(s).Split('\n')).ToList();
        var region = lines.SkipWhile(l => l.Trim() != $"// walkthrough: {step}").Skip(1).TakeWhile(l => l.Trim() != "// end").ToList();
        var indent = region.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', region.Select(l => l.Length > indent ? l[indent..].TrimEnd() : ""));
    }

    private static string Page() => Read("docs/walkthrough.md");

    private static string Source(string file) => Read($"tests/EdgePrune.Host.Tests/Documentation/{file}");

    private static string Read(string path) => File.ReadAllText(RepositoryFiles.Find(path)).ReplaceLineEndings("\n");

    [GeneratedRegex("<!-- walkthrough: ([a-z-]+) -->")]
    private static partial Regex StepMarker();

    [GeneratedRegex("// walkthrough: ([a-z-]+)\n")]
    private static partial Regex CodeMarker();

    [GeneratedRegex("```[a-z]+\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
