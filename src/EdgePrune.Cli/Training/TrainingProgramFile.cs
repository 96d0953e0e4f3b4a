using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The training program of this machine: found, not loaded, because of the size of what it loads.</summary>
/// <param name="Executable">What is started.</param>
/// <param name="Arguments">Arguments before its own, such as the assembly after <c>dotnet</c>.</param>
internal sealed record TrainingProgramFile(string Executable, IReadOnlyList<string> Arguments)
{
    /// <summary>The environment variable that names the training program.</summary>
    public const string Variable = "EDGEPRUNE_TRAINER";

    private const string Name = "EdgePrune.Training";

    /// <summary>
    /// Finds the program: where <see cref="Variable"/> says; from a clone as the script <c>edgeprune</c> builds it, on the
    /// first use; else beside the tool, or in the build output beside the tool's.
    /// </summary>
    /// <param name="shell">The environment, and where a build is announced.</param>
    /// <param name="toolFolder">Folder of the tool.</param>
    /// <param name="cancellationToken">Stops a build.</param>
    /// <returns>The program.</returns>
    /// <exception cref="InputException">There is none, or it cannot be built.</exception>
    public static async Task<TrainingProgramFile> FindAsync(ToolShell shell, string toolFolder, CancellationToken cancellationToken)
    {
        if (shell.Environment(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? Of(named)
                : throw new InputException(ErrorCode.FileNotFound, $"{Variable} names '{named}', which does not exist. Name the training program, {Name}.");
        }

        if (shell.Environment(TrainerBuild.Variable) is { Length: > 0 } script)
        {
            return Of(await TrainerBuild.RunAsync(script, shell.Error, cancellationToken).ConfigureAwait(false));
        }

        return BuildOutput.Candidates(Name, toolFolder).FirstOrDefault(File.Exists) is { } found
            ? Of(found)
            : throw new InputException(ErrorCode.TrainingUnavailable,
                $"The training program {Name} was not found beside the tool. Build it with 'dotnet build src/{Name} -c Release', or name it in {Variable}.");
    }

    private static TrainingProgramFile Of(string path) => Path.GetExtension(path) == ".dll"
        ? new TrainingProgramFile("dotnet", [Path.GetFullPath(path)])
        : new TrainingProgramFile(Path.GetFullPath(path), []);
}
