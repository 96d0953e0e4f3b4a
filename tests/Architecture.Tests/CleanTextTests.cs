using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>No file depends on where it was written or where packages come from.</summary>
public sealed class CleanTextTests
{
    private const int MaxBytes = 2 * 1024 * 1024;

    private static readonly string[] TextEndings =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".txt", ".sh", ".yml", ".yaml", ".config", ".xml", ".html", ".css", ".js", ".service", ".proto", ".editorconfig", ""];

    // Written in pieces, so that this file does not find itself.
    private static readonly Regex MachinePath = new($@"(?<![\w.\-~}}])/({string.Join('|', "wo" + "rk", "ro" + "ot", "ho" + "me")})/");

    private static readonly Regex RegistryHost = new(string.Join('|', new[] { "nuget" + ".org", "pypi" + ".org", "npmjs" + ".org", "crates" + ".io", "pythonhosted" + ".org", "pkgs.dev" + ".azure.com" }.Select(Regex.Escape)));

    [Fact]
    public void Files_NameNoPathOfOneMachine() =>
        Findings.AreNone(Find(MachinePath, "names a path of one machine. Use a relative path, an option, or a path that every machine has."));

    [Fact]
    public void Files_NameNoPackageRegistry() =>
        Findings.AreNone(Find(RegistryHost, "names a package registry. Where packages come from is the user's configuration; leave it out."));

    [Theory]
    [InlineData("cd /wo|rk/x", true)]
    [InlineData("\"/ho|me/pi/model.onnx\"", true)]
    [InlineData("(/ro|ot/)", true)]
    [InlineData("a/wo|rk/b", false)]
    [InlineData("~/ho|me/", false)]
    [InlineData("/wo|rkers/", false)]
    public void MachinePath_IsToldFromARelativeOne(string text, bool isFound)
    {
        Assert.Equal(isFound, MachinePath.IsMatch(text.Replace("|", "", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Find(Regex pattern, string whatToDo) =>
        from file in RepositoryTree.Files("")
        let info = new FileInfo(Path.Combine(RepositoryTree.Root, file))
        where TextEndings.Contains(info.Extension) && info.Length <= MaxBytes
        from finding in FindIn(file, File.ReadAllLines(info.FullName), pattern, whatToDo)
        select finding;

    private static IEnumerable<string> FindIn(string file, string[] lines, Regex pattern, string whatToDo) =>
        lines.Select((line, i) => (Match: pattern.Match(line), Number: i + 1))
            .Where(l => l.Match.Success)
            .Select(l => $"{file}:{l.Number}: '{l.Match.Value}' {whatToDo}");
}
