namespace EdgePrune.Profiler;

/// <summary>The program that measures: started with <see cref="MeasuringWorker.Verb"/> as its last argument.</summary>
/// <param name="Executable">Path of the program, or its name if it is on the search path.</param>
/// <param name="Arguments">Arguments before the verb, such as the assembly after <c>dotnet</c>.</param>
public sealed record MeasuringProgram(string Executable, IReadOnlyList<string> Arguments)
{
    /// <summary>This very program, however it was started: as an executable or through <c>dotnet</c>.</summary>
    /// <returns>The program.</returns>
    /// <exception cref="InvalidOperationException">The system does not tell which program this is.</exception>
    public static MeasuringProgram Current()
    {
        var executable = Environment.ProcessPath
            ?? throw new InvalidOperationException("The system does not tell which program this is; name the measuring program yourself.");
        var viaDotnet = Path.GetFileNameWithoutExtension(executable).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new MeasuringProgram(executable, viaDotnet ? [Environment.GetCommandLineArgs()[0]] : []);
    }
}
