namespace EdgePrune.Host;

/// <summary>Mean magnitude of a channel where it is read: what is hardly ever active is hardly ever missed.</summary>
/// <remarks>
/// score(c) = mean over the activations that consumers read of E|x_c| / mean_j E|x_j|, E running over samples and positions. An
/// activation that several consumers read counts once. Molchanov et al., Pruning Convolutional Neural Networks for Resource
/// Efficient Inference, ICLR 2017 (criterion "mean activation"). Not comparable between groups: activations have the scale of
/// their layer. A group without statistics is scored by <c>l2</c>.
/// </remarks>
internal sealed class ActivationCriterion : ICriterion
{
    public string Name => "activation";

    public bool NeedsSamples => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        var inputs = GroupInputs.Mean(group, context, (counters, i) => counters.MeanMagnitude(i));
        return inputs.Count == 0 ? CriterionRegistry.Find("l2").Score(group, context) : RelativeScores.Mean(group.Channels.Count, inputs);
    }
}
