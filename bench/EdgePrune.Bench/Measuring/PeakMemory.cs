using System.Diagnostics;
using System.Globalization;
using EdgePrune.Profiler;

namespace EdgePrune.Bench;

/// <summary>Peak of resident memory of this program with other arguments: in a process of its own, because a peak never goes down.</summary>
internal static class PeakMemory
{
    /// <summary>Runs this program to its end.</summary>
    /// <param name="arguments">Arguments under which the program writes its peak in bytes.</param>
    /// <returns>The peak.</returns>
    public static long Of(params string[] arguments)
    {
        var program = MeasuringProgram.Current();
        using var process = Process.Start(new ProcessStartInfo(program.Executable, [.. program.Arguments, .. arguments]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The child process '{string.Join(' ', arguments)}' failed with exit code {process.ExitCode}.");
    }

    /// <summary>Writes this process's peak.</summary>
    public static void Write(TextWriter output)
    {
        using var process = Process.GetCurrentProcess();
        output.WriteLine(process.PeakWorkingSet64);
    }
}
