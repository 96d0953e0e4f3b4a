namespace EdgePrune.Host;

/// <summary>Scale of the batch normalization behind a channel, as it was before folding: the channel's spread.</summary>
/// <remarks>
/// score(c) = mean over the group's batch normalizations of |gamma_c| / mean_j |gamma_j|. Liu et al., Learning Efficient
/// Convolutional Networks through Network Slimming, ICCV 2017. It tells channels apart only when training has pushed scales to zero;
/// on an ordinary model prefer another criterion. A channel with gamma near 0 is close to constant, not to zero: its beta stays until
/// repair moves it into the consumers' biases. Not comparable between groups, unlike in the paper: one threshold for the whole
/// model can empty a layer. A group without batch normalization is scored by <c>l2</c>.
/// </remarks>
internal sealed class BatchNormCriterion : ICriterion
{
    public string Name => "bn";

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var scales = context.Analysis.Normalizations;
        double[][] gammas =
        [
            .. group.Axes.Where(scales.ContainsKey)
                .Select(a => GroupInputs.Each(group, a, indices => indices.Average(i => Math.Abs((double)scales[a].Gamma[i])))),
        ];
        return gammas.Length == 0 ? CriterionRegistry.Find("l2").Score(group, context) : RelativeScores.Mean(group.Channels.Count, gammas);
    }
}
