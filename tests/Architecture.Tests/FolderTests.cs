using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>The map of the repository, and whether the documentation knows it.</summary>
public sealed class FolderTests
{
    // The folders in which the steps of the flow stand; checked once a project has code.
    private static readonly (string Project, string Folder)[] Steps =
    [
        ("EdgePrune.Contracts", "Targets"), ("EdgePrune.Contracts", "Budgets"), ("EdgePrune.Contracts", "Bundles"), ("EdgePrune.Contracts", "Protocol"), ("EdgePrune.Contracts", "Reports"),
        ("EdgePrune.Onnx", "Serialization"), ("EdgePrune.Onnx", "Passes"),
        ("EdgePrune.Host", "Grouping"), ("EdgePrune.Host", "Importance"), ("EdgePrune.Host", "Planning"), ("EdgePrune.Host", "Pruning"), ("EdgePrune.Host", "Recovery"),
        ("EdgePrune.Host", "Quantization"), ("EdgePrune.Host", "Bundling"), ("EdgePrune.Host", "Tuning"),
        ("EdgePrune.Device", "Updates"), ("EdgePrune.Device", "Profiling"),
    ];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("targets")]
    [InlineData("samples")]
    [InlineData("docs")]
    [InlineData("docs/specs")]
    [InlineData("eng")]
    public void Root_FoldersOfTheDesign_Exist(string folder)
    {
        Assert.True(Directory.Exists(Path.Combine(RepositoryTree.Root, folder)), $"{folder}/ is missing. Restore it.");
    }

    [Fact]
    public void Projects_StepsOfTheFlow_HaveTheirFolders()
    {
        Findings.AreNone(
            from step in Steps
            where RepositoryTree.Sources.Any(s => s.Project == step.Project) && !RepositoryTree.FoldersOf(step.Project).Contains(step.Folder)
            select $"src/{step.Project}/{step.Folder}/: no code. The design names this step; put its classes here, or correct the list in FolderTests.cs with the design.");
    }

    [Fact]
    public void Architecture_Document_NamesEveryProjectAndFolder()
    {
        var path = Path.Combine(RepositoryTree.Root, "docs", "architecture.md");
        Assert.SkipUnless(File.Exists(path), "docs/architecture.md does not exist yet.");
        var text = File.ReadAllText(path);

        Findings.AreNone(
        [
            .. RepositoryTree.Projects.Where(p => !Names(text, p) && !Names(text, p["EdgePrune.".Length..])).Select(p => $"docs/architecture.md: does not name {p}. Say what it is for."),
            .. from project in RepositoryTree.Projects
               from folder in RepositoryTree.FoldersOf(project)
               where !Names(text, folder)
               select $"docs/architecture.md: does not name the folder src/{project}/{folder}. Say what is in it.",
        ]);
    }

    [Fact]
    public void Tests_EveryProject_HasItsTests()
    {
        Findings.AreNone(RepositoryTree.Projects
            .Where(p => !File.Exists(Path.Combine(RepositoryTree.Root, "tests", $"{p}.Tests", $"{p}.Tests.csproj")))
            .Select(p => $"tests/{p}.Tests: missing. Every project has its tests."));
    }

    private static bool Names(string text, string word) => Regex.IsMatch(text, $@"(?<![A-Za-z]){Regex.Escape(word)}(?![A-Za-z])");
}
