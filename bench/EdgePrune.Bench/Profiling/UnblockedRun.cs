using System.Diagnostics;
using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Bench;

/// <summary>
/// Runs a model without the blocked layout of convolutions, in a process of its own, and tells its peak memory: the last level of optimisation is the
/// one that brings the layout in. ONNX Runtime for ARM64 has no such layout, so that its rule can be tested on x64 this way.
/// </summary>
internal static class UnblockedRun
{
    public const string Verb = "unblocked-run";

    public static async Task<ByteSize> PeakAsync(string path)
    {
        var program = MeasuringProgram.Current();
        using var process = Process.Start(new ProcessStartInfo(program.Executable, [.. program.Arguments, Verb, path]) { RedirectStandardOutput = true })!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ByteSize(long.Parse(answer.Trim(), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public static void Run(string path, TextWriter output)
    {
        var settings = new ProfileSettings();
        using var options = SessionFactory.CreateOptions(settings);
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
        using var session = BoundSession.Open(path, settings, options);
        session.FillInputs(settings.Seed);
        session.Run();
        session.Run();
        using var process = Process.GetCurrentProcess();
        output.WriteLine(process.PeakWorkingSet64);
    }
}
