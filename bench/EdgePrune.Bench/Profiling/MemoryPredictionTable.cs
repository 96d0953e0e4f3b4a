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
    private const double GoalShare = 0.10;
    private static readonly ByteSize GoalBytes = new(8 << 20);

    public async Task RunAsync(IReadOnlyList<(string Name, string Path)> models, ScratchFolder folder)
    {
        var tiny = folder.File("base.onnx");
        var g = new GraphBuilder(1);
        g.Output(g.Relu(g.Conv(g.Input(1, 4, 8, 8), 4)));
        OnnxFile.Write(g.Build(), tiny);
        var rule = MemoryRule.OfThisMachine with { Runtime = await PeakAsync(tiny) };
        output.WriteLine();
        output.WriteLine($"Runtime base: {rule.Runtime}; the tool's is taken for {MemoryRule.OfThisMachine.Runtime}.");
        output.WriteLine();
        output.WriteLine("| model | weights | copies | activations | predicted | measured | difference | within goal |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---|");
        var within = 0;
        foreach (var (name, path) in models)
        {
            var predicted = rule.Predict(ModelAnalysis.Of(OnnxFile.Read(path)));
            var measured = await PeakAsync(path);
            var difference = predicted.Peak.Bytes - measured.Bytes;
            var isWithin = Math.Abs(difference) <= Math.Max(GoalShare * measured.Bytes, GoalBytes.Bytes);
            within += isWithin ? 1 : 0;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {predicted.Weights} | {predicted.Copies} | {predicted.Activations} | {predicted.Peak} | {measured} | {100.0 * difference / measured.Bytes:0.0} % | {(isWithin ? "yes" : "no")} |"));
        }

        output.WriteLine();
        output.WriteLine($"{within} of {models.Count} within 10 % or {GoalBytes}.");
    }

    // The largest of five processes: what must fit is the worst of them.
    private async Task<ByteSize> PeakAsync(string path)
    {
        var peak = 0L;
        for (var process = 0; process < 5; process++)
        {
            var report = await profiler.ProfileAsync(path, ProfilingBenchmark.Settings with { Window = TimeSpan.FromMilliseconds(50), MinRunsPerWindow = 3, MaxWarmup = TimeSpan.FromMilliseconds(200) }, CancellationToken.None);
            peak = Math.Max(peak, report.Memory.PeakResident.Bytes);
        }

        return new ByteSize(peak);
    }
}
