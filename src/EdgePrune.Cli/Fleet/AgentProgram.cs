using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The agent program of this machine: found, not loaded, because it is another machine's program.</summary>
/// <param name="Executable">What is started.</param>
/// <param name="Arguments">Arguments before the agent's own, such as the assembly after <c>dotnet</c>.</param>
internal sealed record AgentProgram(string Executable, IReadOnlyList<string> Arguments)
{
    /// <summary>The environment variable that names the agent program.</summary>
    public const string Variable = "EDGEPRUNE_AGENT";

    private const string Name = "EdgePrune.Device";

    /// <summary>Finds the agent: where <see cref="Variable"/> says, beside the tool, or in the build output beside the tool's.</summary>
    /// <param name="environment">Value of an environment variable, or null.</param>
    /// <param name="toolFolder">Folder of the tool.</param>
    /// <returns>The program.</returns>
    /// <exception cref="InputException">There is none.</exception>
    public static AgentProgram Find(Func<string, string?> environment, string toolFolder)
    {
        if (environment(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? Of(named)
                : throw new InputException(ErrorCode.FileNotFound, $"{Variable} names '{named}', which does not exist. Name the agent program, {Name}.");
        }

        return BuildOutput.Candidates(Name, toolFolder).FirstOrDefault(File.Exists) is { } found
            ? Of(found)
            : throw new InputException(ErrorCode.FileNotFound,
                $"The agent program {Name} was not found beside the tool. Build it with 'dotnet build src/EdgePrune.Device -c Release', or name it in {Variable}.");
    }

    private static AgentProgram Of(string path) => Path.GetExtension(path) == ".dll"
        ? new AgentProgram("dotnet", [Path.GetFullPath(path)])
        : new AgentProgram(Path.GetFullPath(path), []);
}
