using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>One data-free prune by half, step by step, each step timed.</summary>
internal static class PrunePhases
{
    public const string Read = "read";
    public const string Normalize = "normalize";
    public const string Shapes = "shapes";
    public const string Group = "group";
    public const string Analyse = "analyse (normalize, shapes, group, hash)";
    public const string Score = "score (l2)";
    public const string Plan = "plan";
    public const string Remove = "remove";
    public const string Prove = "prove";
    public const string Write = "write";

    /// <summary>The steps that a user waits for; the others are parts of these.</summary>
    public static readonly IReadOnlyList<string> Whole = [Read, Analyse, Score, Plan, Remove, Prove, Write];

    private static readonly PlanOptions Half = new(0.5, PruningScope.PerLayer, MaxGroupRate: 0.9, Target: null, Precision.Float32, Seed: 1);

    public static PrunePlan PlanOf(ModelAnalysis analysis) => new PrunePlanner(analysis, CriterionRegistry.Find("l2"), Half.Seed).Plan(Half);

    public static void Run(string path, PhaseTimer timer)
    {
        var model = timer.Time(Read, () => OnnxFile.Read(path));
        TimeParts(model, timer);
        var analysis = timer.Time(Analyse, () => ModelAnalysis.Of(model));
        var planner = timer.Time(Score, () => new PrunePlanner(analysis, CriterionRegistry.Find("l2"), seed: 1));
        var plan = timer.Time(Plan, () => planner.Plan(Half));
        var removed = new RemovedChannels(analysis, plan);
        var pruned = timer.Time(Remove, () => ChannelPruner.Remove(analysis, removed));
        timer.Time(Prove, () => RemovalCheck.Require(analysis, removed, pruned));
        timer.Time(Write, () => WriteTo(pruned, path + ".pruned"));
    }

    private static void TimeParts(Model model, PhaseTimer timer)
    {
        var normalized = timer.Time(Normalize, () => ModelNormalizer.Normalize(model));
        var shapes = timer.Time(Shapes, () => ShapeInference.Infer(normalized.Graph));
        timer.Time(Group, () => new GroupBuilder(ChannelLinker.Link(normalized.Graph, shapes)).Build());
    }

    private static long WriteTo(Model model, string path)
    {
        OnnxFile.Write(model, path);
        return new FileInfo(path).Length;
    }
}
