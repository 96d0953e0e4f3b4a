using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>
/// Peak resident memory that <see cref="MemoryRule"/> predicts from the graph against the measured one. The rule's runtime is
/// replaced by what a process with a tiny model takes here: it belongs to the program that measures, and this is not the tool.
/// </summary>
internal sealed class MemoryPredictionTable(TextWriter output, ChildProcessProfiler profiler)
{
    private const int Processes = 5;
    private const double GoalShare = 0.10;
    private static readonly ByteSize GoalBytes = new(8 << 20);

    public async Task RunAsync(IReadOnlyList<(string Name, string Path)> models, ScratchFolder folder)
    {
        var tiny = folder.File("base.onnx");
        var g = new GraphBuilder(1);
        g.Output(g.Relu(g.Conv(g.Input(1, 4, 8, 8), 4)));
        OnnxFile.Write(g.Build(), tiny);
        await TableAsync("as profile measures", MemoryRule.OfThisMachine, models, tiny, ProfiledAsync);
        await TableAsync("the rule of ARM64, against ONNX Runtime here without its blocked layout", MemoryRule.Arm64, models, tiny, UnblockedRun.PeakAsync);
    }

    private async Task TableAsync(string title, MemoryRule rule, IReadOnlyList<(string Name, string Path)> models, string tiny, Func<string, Task<ByteSize>> measure)
    {
        rule = rule with { Runtime = await LargestAsync(tiny, measure) };
        output.WriteLine();
        output.WriteLine($"Peak memory, {title}. Runtime base: {rule.Runtime}.");
        output.WriteLine();
        output.WriteLine("| model | weights | copies | activations | predicted | measured | difference | within goal |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---|");
        var within = 0;
        foreach (var (name, path) in models)
        {
            var predicted = rule.Predict(ModelAnalysis.Of(OnnxFile.Read(path)));
            var measured = await LargestAsync(path, measure);
            var difference = predicted.Peak.Bytes - measured.Bytes;
            var isWithin = Math.Abs(difference) <= Math.Max(GoalShare * measured.Bytes, GoalBytes.Bytes);
            within += isWithin ? 1 : 0;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {predicted.Weights} | {predicted.Copies} | {predicted.Activations} | {predicted.Peak} | {measured} | {100.0 * difference / measured.Bytes:0.0} % | {(isWithin ? "yes" : "no")} |"));
        }

        output.WriteLine();
        output.WriteLine($"{within} of {models.Count} within 10 % or {GoalBytes}.");
    }

    private async Task<ByteSize> ProfiledAsync(string path) =>
        (await profiler.ProfileAsync(path, ProfilingBenchmark.Settings with { Window = TimeSpan.FromMilliseconds(50), MinRunsPerWindow = 3, MaxWarmup = TimeSpan.FromMilliseconds(200) }, CancellationToken.None)).Memory.PeakResident;

    // What must fit is the worst of several processes.
    private static async Task<ByteSize> LargestAsync(string path, Func<string, Task<ByteSize>> measure)
    {
        var peak = await measure(path);
        for (var process = 1; process < Processes; process++)
        {
            var again = await measure(path);
            peak = again > peak ? again : peak;
        }

        return peak;
    }
}
