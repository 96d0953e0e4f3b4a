namespace EdgePrune.Device;

/// <summary>How to start this program again as a child process.</summary>
/// <param name="Executable">The program.</param>
/// <param name="Arguments">What stands before the verb, such as the path of the assembly when <c>dotnet</c> runs it.</param>
public sealed record WorkerProgram(string Executable, IReadOnlyList<string> Arguments)
{
    /// <summary>The program that is running.</summary>
    /// <returns>Its path, with the assembly's path when <c>dotnet</c> runs it.</returns>
    public static WorkerProgram Self()
    {
        var executable = Environment.ProcessPath ?? Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(executable) == "dotnet"
            ? new WorkerProgram(executable, [Environment.GetCommandLineArgs()[0]])
            : new WorkerProgram(executable, []);
    }
}
