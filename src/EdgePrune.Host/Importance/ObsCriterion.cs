namespace EdgePrune.Host;

/// <summary>
/// Optimal brain surgeon over channels: the output error that stays after the best repair, at every consumer, when
/// channels are removed greedily one by one. Score and repair agree, because both rest on the same covariance.
/// </summary>
/// <remarks>
/// With H = Cov + lambda I over a consumer's input channels and W its weights, removing channel j and repairing costs
/// ||W_:,j||^2 / [H^-1]_jj; then W and H^-1 are updated for the channels that remain. Costs are shares of the consumer's
/// output variance, summed over consumers, and so comparable between groups. Hassibi and Stork, NIPS 1992; for channels
/// in the manner of Frantar and Alistarh, Optimal Brain Compression, NeurIPS 2022.
/// </remarks>
internal sealed class ObsCriterion : ICriterion
{
    public string Name => "obs";

    public bool NeedsSamples => true;

    public bool IsComparable => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var consumers = group.Consumers
            .Where(c => context.Statistics?.ContainsKey(c.Data) == true)
            .Select(c => ObsConsumer.TryMake(c, group, context.Statistics![c.Data]))
            .OfType<ObsConsumer>()
            .ToList();
        return consumers.Count == 0 ? CriterionRegistry.Find("l2").Score(group, context) : Eliminate(group.Channels.Count, consumers);
    }

    // The score of a channel is its cost when it goes, never below that of one that went before, so that sorting by score
    // gives back the order of elimination.
    private static double[] Eliminate(int channels, List<ObsConsumer> consumers)
    {
        var scores = new double[channels];
        var remaining = Enumerable.Range(0, channels).ToList();
        var floor = 0.0;
        while (remaining.Count > 0)
        {
            var (channel, cost) = remaining.Select(c => (c, consumers.Sum(k => k.Cost(c)))).MinBy(c => c.Item2);
            floor = Math.Max(floor * (1 + 1e-12), cost);
            scores[channel] = floor;
            remaining.Remove(channel);
            consumers.ForEach(k => k.Remove(channel));
        }

        return scores;
    }
}
