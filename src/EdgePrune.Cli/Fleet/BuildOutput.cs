namespace EdgePrune.Cli;

/// <summary>Where a program of this repository is: beside the tool, or in the build output beside the tool's.</summary>
internal static class BuildOutput
{
    /// <summary>Places to look at, the best first.</summary>
    /// <param name="name">Name of the program.</param>
    /// <param name="toolFolder">Folder of the tool.</param>
    public static IEnumerable<string> Candidates(string name, string toolFolder)
    {
        // artifacts/bin/<project>/<configuration>/: the tool's own or a test's, whichever runs.
        var folder = Path.TrimEndingDirectorySeparator(toolFolder);
        var configuration = Path.GetFileName(folder);
        var builds = Path.GetDirectoryName(Path.GetDirectoryName(folder)) ?? folder;
        string[] folders = [folder, Path.Combine(builds, name, configuration), Path.Combine(builds, name, "release"), Path.Combine(builds, name, "debug")];
        return folders.SelectMany(f => new[] { Path.Combine(f, OperatingSystem.IsWindows() ? $"{name}.exe" : name), Path.Combine(f, $"{name}.dll") });
    }
}
