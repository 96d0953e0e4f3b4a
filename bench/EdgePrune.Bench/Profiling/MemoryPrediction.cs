using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>
/// Peak resident memory predicted from the graph against the measured one. The prediction: what a process with a tiny model takes, the
/// weights as often as ONNX Runtime holds them at its peak while loading, and the most activations that live at one time.
/// </summary>
/// <remarks>
/// On x64 weights are packed for the kernels one after another, so that the largest is held twice; those of convolutions are held three times
/// (also in the blocked layout). The three was taken from ResNet-50, the largest from the dense layers; the other rows are tests of it.
/// Other processors have other layouts and need their own figures.
/// </remarks>
internal sealed class MemoryPrediction(TextWriter output, ChildProcessProfiler profiler)
{
    private const int CopiesOfConvolutions = 3;
    private const double GoalShare = 0.10;
    private static readonly ByteSize GoalBytes = new(8 << 20);

    public async Task RunAsync(IReadOnlyList<(string Name, string Path)> models, ScratchFolder folder)
    {
        var tiny = folder.File("base.onnx");
        var g = new GraphBuilder(1);
        g.Output(g.Relu(g.Conv(g.Input(1, 4, 8, 8), 4)));
        OnnxFile.Write(g.Build(), tiny);
        var runtime = await PeakAsync(tiny);
        output.WriteLine();
        output.WriteLine($"Runtime base: {runtime}.");
        output.WriteLine();
        output.WriteLine("| model | weights | activations | predicted | measured | difference | within goal |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---|");
        foreach (var (name, path) in models)
        {
            var analysis = ModelAnalysis.Of(OnnxFile.Read(path));
            var weights = analysis.Model.Graph.Initializers.Sum(i => (long)i.Constant!.Bytes.Length);
            var activations = ActivationMemory.Peak(analysis);
            var convolutions = WeightsOf(analysis, "Conv").Sum();
            var largest = WeightsOf(analysis, "Gemm", "MatMul").DefaultIfEmpty(0).Max();
            var predicted = runtime.Bytes + weights + largest + ((CopiesOfConvolutions - 1) * convolutions) + activations;
            var measured = (await PeakAsync(path)).Bytes;
            var difference = predicted - measured;
            var isWithin = Math.Abs(difference) <= Math.Max(GoalShare * measured, GoalBytes.Bytes);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {new ByteSize(weights)} | {new ByteSize(activations)} | {new ByteSize(predicted)} | {new ByteSize(measured)} | {100.0 * difference / measured:0.0} % | {(isWithin ? "yes" : "no")} |"));
        }

        output.WriteLine();
        output.WriteLine($"Goal: within 10 % or {GoalBytes}.");
    }

    private static IEnumerable<long> WeightsOf(ModelAnalysis analysis, params string[] operators) =>
        analysis.Model.Graph.Nodes.Where(n => operators.Contains(n.OperatorType)).Select(n => (long)(n.Inputs[1]?.Constant?.Bytes.Length ?? 0));

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
