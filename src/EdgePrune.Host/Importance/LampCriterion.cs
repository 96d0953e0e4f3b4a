namespace EdgePrune.Host;

/// <summary>
/// Layer-adaptive magnitude: a channel's share in the squared norms of itself and all stronger ones. The last channel of
/// every group scores 1, so that a global ranking thins no group to nothing.
/// </summary>
/// <remarks>
/// With the squared group norms of <c>l2</c> sorted ascending, score(u) = n_u^2 / sum over v from u on of n_v^2. Lee et al.,
/// Layer-Adaptive Sparsity for the Magnitude-based Pruning, ICLR 2021, there for single weights. Within a group the order is that of
/// <c>l2</c>. Comparable between groups: each score is the share of what is left that goes with the channel.
/// </remarks>
internal sealed class LampCriterion : ICriterion
{
    public string Name => "lamp";

    public bool IsComparable => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var squares = GroupWeights.Relative(group, power: 2);
        var scores = new double[squares.Length];
        var rest = 0.0;
        foreach (var channel in Enumerable.Range(0, squares.Length).OrderByDescending(c => squares[c]))
        {
            rest += squares[channel];
            scores[channel] = rest > 0 ? squares[channel] / rest : 0;
        }

        return scores;
    }
}
