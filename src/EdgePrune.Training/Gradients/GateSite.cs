using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>One place where the removal proof takes a group's channels away: what a node reads at one input, along one axis.</summary>
/// <param name="Node">The reading node.</param>
/// <param name="Input">Its input.</param>
/// <param name="Axis">The axis, as groups have it.</param>
/// <param name="MeanAxes">Axes whose mean a removed channel takes, for a normalization or a mean; null where it becomes 0.</param>
internal sealed record GateSite(Node Node, int Input, AxisRef Axis, IReadOnlyList<int>? MeanAxes = null)
{
    /// <summary>Whether the site is a weight, as of a recurrent layer, which feeds its state back inside; it has no samples.</summary>
    public bool IsWeight => Axis.Value.Constant is not null;

    /// <summary>All sites of a model, and for each group what no gate can stand for.</summary>
    public static (IReadOnlyList<GateSite> Sites, ILookup<AxisRef, string> Unseen) In(ModelAnalysis analysis)
    {
        var axes = analysis.Groups.SelectMany(g => g.Axes).ToHashSet();
        var contractions = analysis.Contractions.SelectMany(Of);
        var reductions = analysis.Reductions.Where(CanGate).Select(Of);
        return (
            [.. contractions.Concat(reductions).Where(s => axes.Contains(s.Axis)).DistinctBy(s => (s.Node, s.Input, s.Axis))],
            analysis.Reductions.Where(r => !CanGate(r)).ToLookup(r => r.Data, r => $"{r.Node} combines the channels in a way that has no gate."));
    }

    private static IEnumerable<GateSite> Of(Contraction contraction)
    {
        var axis = contraction.IsRecurrent ? contraction.Weight : contraction.Data;
        return contraction.Node.Inputs.Index().Where(i => i.Item == axis.Value).Select(i => new GateSite(contraction.Node, i.Index, axis));
    }

    private static GateSite Of(ChannelReduction reduction) =>
        new(reduction.Node, reduction.Input, reduction.Data, reduction.Fill == ReductionFill.Mean ? reduction.Axes : null);

    private static bool CanGate(ChannelReduction reduction) =>
        reduction.Fill == ReductionFill.Zero || (reduction.Fill == ReductionFill.Mean && reduction.Blocks == 1);
}
