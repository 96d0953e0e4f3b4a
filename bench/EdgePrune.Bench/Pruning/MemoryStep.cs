using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Runs a prune up to a given step in a process of its own and tells the process's peak of resident memory.</summary>
internal static class MemoryStep
{
    public const string Idle = "does nothing";
    public const string Runtime = "runs a tiny model in ONNX Runtime";
    private const string ReadOnly = "reads";
    private const string Analysed = "reads, analyses";
    private const string Removed = "reads, analyses, removes";
    private const string Proven = "reads, analyses, removes, proves";
    private const string Written = "reads, analyses, removes, proves, writes";

    public static IReadOnlyList<string> Names { get; } = [Idle, Runtime, ReadOnly, Analysed, Removed, Proven, Written];

    public static void Run(string step, string path, TextWriter output)
    {
        if (step != Idle)
        {
            Prune(step, path);
        }

        PeakMemory.Write(output);
    }

    private static void Prune(string step, string path)
    {
        if (step == Runtime)
        {
            var tiny = ChainModel.Make(2);
            using var runner = new GraphRunner(tiny);
            runner.Run(RandomFeeds.For(tiny, ShapeInference.Infer(tiny.Graph), seed: 1));
            return;
        }

        if (step == ReadOnly)
        {
            OnnxFile.Read(path);
            return;
        }

        // As the tool does it: the model as it was loaded is of no more use once it is analysed.
        var analysis = ModelAnalysis.Consume(OnnxFile.Read(path), new GroupingOptions());
        if (step == Analysed)
        {
            return;
        }

        var plan = PrunePhases.PlanOf(analysis);
        if (step == Removed)
        {
            ChannelPruner.Remove(analysis, new RemovedChannels(analysis, plan));
            return;
        }

        var (pruned, _) = ChannelPruner.Apply(analysis, plan);
        if (step == Written)
        {
            OnnxFile.Write(pruned, path + ".pruned");
        }
    }
}
