namespace EdgePrune.Host;

/// <summary>
/// Optimal brain surgeon over channels: the output error that stays after the best repair, at every consumer, when
/// channels are removed greedily one by one. Score and repair agree, because both rest on the same covariance.
/// </summary>
/// <remarks>
/// With H = Cov + lambda I over a consumer's input channels and W its weights, removing channel j and repairing costs
/// ||W_:,j||^2 / [H^-1]_jj; then W and H^-1 are updated for the channels that remain. In a convolution in blocks, channels are
/// replaced by those of their own block, as in repair. Costs are shares of the consumer's output variance, summed over
/// consumers, and so comparable between groups; where groups compete, <see cref="OutputGains"/> turns them into losses of the model's output. Hassibi and Stork, NIPS 1992; for channels in the manner of Frantar and
/// Alistarh, Optimal Brain Compression, NeurIPS 2022. Takes half of channels^3 multiplications for each activation. A group
/// without statistics is scored by its shares of the squared group norm of <c>l2</c>.
/// </remarks>
internal sealed class ObsCriterion : ICriterion
{
    public string Name => "obs";

    public bool NeedsSamples => true;

    public bool IsComparable => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        ObsInput[] inputs =
        [
            .. group.Consumers
                .Where(c => context.Statistics?.ContainsKey(c.Data) == true)
                .GroupBy(c => (c.Data, c.Blocks))
                .SelectMany(c => ObsInput.Make([.. c], group, context.Statistics![c.Key.Data])),
        ];
        return inputs.Length == 0 ? Shares(group) : Eliminate(group.Channels.Count, inputs);
    }

    // The score of a channel is its cost when it goes, never below that of one that went before, so that sorting by score
    // gives back the order of elimination.
    private static double[] Eliminate(int channels, ObsInput[] inputs)
    {
        var scores = new double[channels];
        var remaining = Enumerable.Range(0, channels).ToList();
        var floor = 0.0;
        while (remaining.Count > 0)
        {
            var (channel, cost) = Cheapest(remaining, inputs);
            floor = Math.Max(floor * (1 + 1e-12), cost);
            scores[channel] = floor;
            remaining.Remove(channel);
            Array.ForEach(inputs, i => i.Remove(channel));
        }

        return scores;
    }

    private static (int Channel, double Cost) Cheapest(List<int> remaining, ObsInput[] inputs)
    {
        var (cheapest, least) = (remaining[0], double.PositiveInfinity);
        foreach (var channel in remaining)
        {
            var cost = 0.0;
            foreach (var input in inputs)
            {
                cost += input.Cost(channel);
            }

            if (cost < least)
            {
                (cheapest, least) = (channel, cost);
            }
        }

        return (cheapest, least);
    }

    // Without statistics: shares of the squared group norm, which add up to 1 as shares of an output's variance would.
    private static double[] Shares(PruningGroup group)
    {
        var squares = GroupWeights.Relative(group, power: 2);
        return Array.ConvertAll(squares, s => s / squares.Length);
    }
}
