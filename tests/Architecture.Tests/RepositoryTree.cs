namespace Architecture.Tests;

/// <summary>The repository's files, found from wherever the tests run.</summary>
internal static class RepositoryTree
{
    private static readonly string[] Skipped = ["artifacts", "out", "bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    internal static string Root { get; } = FindRoot();

    /// <summary>The projects under src/, by name.</summary>
    internal static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file under src/, parsed.</summary>
    internal static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Files("src").Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => new SourceFile(f, File.ReadAllText(Path.Combine(Root, f))))];

    /// <summary>Files below a folder, relative to the root with forward slashes; hidden and generated folders are left out.</summary>
    internal static IEnumerable<string> Files(string folder) => Walk(Path.Combine(Root, folder))
        .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>Folders of a project that hold C# files, first level only.</summary>
    internal static IEnumerable<string> FoldersOf(string project) => Sources
        .Select(s => s.Path.Split('/'))
        .Where(p => p[1] == project && p.Length > 3)
        .Select(p => p[2])
        .Distinct();

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(d => !Skipped.Contains(Path.GetFileName(d)) && !Path.GetFileName(d).StartsWith('.'))
            .SelectMany(Walk));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EdgePrune.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds EdgePrune.sln. Run the tests from a build inside the repository.");
    }
}
