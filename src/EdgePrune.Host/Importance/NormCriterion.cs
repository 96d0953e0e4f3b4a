namespace EdgePrune.Host;

/// <summary>
/// Group norm: every weight that goes with a channel, where each constant contributes relative to its own mean so that wide
/// layers do not drown narrow ones. With power 1 it is <c>l1</c>, with power 2 <c>l2</c>.
/// </summary>
/// <remarks>
/// score(c) = ( mean over constants t of ||t_c||_p^p / mean_j ||t_j||_p^p )^(1/p), t_c being the slice of t that belongs to c.
/// Norm-based filter pruning: Li et al., Pruning Filters for Efficient ConvNets, ICLR 2017; summed over a dependency group:
/// Fang et al., DepGraph, CVPR 2023. Not comparable between groups: a norm says nothing of what a layer does to the output.
/// </remarks>
internal sealed class NormCriterion(string name, int power) : ICriterion
{
    public string Name => name;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var sums = GroupWeights.Relative(group, power);
        return power == 1 ? sums : [.. sums.Select(Math.Sqrt)];
    }
}
