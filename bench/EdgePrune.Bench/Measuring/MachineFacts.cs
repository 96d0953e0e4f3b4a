using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Bench;

/// <summary>What a result depends on: the machine, its software, the date.</summary>
internal static class MachineFacts
{
    public static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"Machine: {Processor()}, {Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}; {TimeProvider.System.GetUtcNow():yyyy-MM-dd}.");

    private static string Processor()
    {
        const string Path = "/proc/cpuinfo";
        return File.Exists(Path) && File.ReadLines(Path).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : "unknown processor";
    }
}
