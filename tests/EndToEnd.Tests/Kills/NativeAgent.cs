using EdgePrune.Cli;
using EdgePrune.TestKit;

namespace EndToEnd.Tests;

/// <summary>The agent as it is shipped: the native program that <c>eng/publish-agent.sh linux-x64</c> leaves.</summary>
internal static class NativeAgent
{
    private const string Variable = "EDGEPRUNE_NATIVE_AGENT";
    private const string Script = "eng/publish-agent.sh linux-x64";

    private static readonly string[] Sources = ["src/EdgePrune.Contracts", "src/EdgePrune.Profiler", "src/EdgePrune.Device", "eng", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <summary>Finds it where the environment variable says or among the artifacts; skips the test, with the reason, where it is not built.</summary>
    public static AgentProgram Require()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            Assert.True(File.Exists(named), $"{Variable} names '{named}', which does not exist.");
            return new AgentProgram(Path.GetFullPath(named), []);
        }

        var folder = Path.Combine(RepositoryFiles.Root, "artifacts", "agent", "linux-x64");
        var program = Path.Combine(folder, "EdgePrune.Device");
        Assert.SkipUnless(File.Exists(program), $"The native agent is not built; run {Script}, or name the program in {Variable}.");
        // The folder is as old as the publishing; an incremental build leaves the program itself older.
        Assert.SkipWhen(Sources.Any(s => Newest(RepositoryFiles.Find(s)) > Directory.GetLastWriteTimeUtc(folder)), $"The native agent is older than its sources; run {Script}.");
        return new AgentProgram(program, []);
    }

    private static DateTime Newest(string path) => File.Exists(path)
        ? File.GetLastWriteTimeUtc(path)
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
}
