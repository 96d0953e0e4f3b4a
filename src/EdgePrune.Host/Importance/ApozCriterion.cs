namespace EdgePrune.Host;

/// <summary>Share of a channel's activations that are not zero, after a rectifier.</summary>
/// <remarks>
/// score(c) = 1 - APoZ(c), the mean over the activations that consumers read; APoZ is the average percentage of zeros over samples
/// and positions. Hu et al., Network Trimming, 2016. Not comparable between groups: how sparse a layer is says nothing of
/// what it does to the output. A group without statistics, or without a single zero (no rectifier stands before its
/// consumers), is scored by <c>l2</c>.
/// </remarks>
internal sealed class ApozCriterion : ICriterion
{
    public string Name => "apoz";

    public bool NeedsSamples => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var inputs = GroupInputs.Mean(group, context, (counters, i) => counters.ShareOfZeros(i));
        return inputs.All(zeros => zeros.All(z => z == 0))
            ? CriterionRegistry.Find("l2").Score(group, context)
            : [.. group.Channels.Select((_, c) => 1 - inputs.Average(zeros => zeros[c]))];
    }
}
