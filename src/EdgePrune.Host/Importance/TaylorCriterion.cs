namespace EdgePrune.Host;

/// <summary>What the loss changes by, to first order, when a channel goes. Needs labels.</summary>
/// <remarks>
/// score(c) = |mean over samples of dL/dg_c|, L being the cross-entropy by the samples' labels and g_c a gate of 1 in all places
/// where the channel is read. Molchanov et al., Pruning Convolutional Neural Networks for Resource Efficient Inference, ICLR 2017, with one
/// gate for each channel of a dependency group. On a model that is trained to its end, gradients of single samples cancel out in the
/// mean; <c>fisher</c> then says more. In units of the loss, and so comparable between groups.
/// </remarks>
internal sealed class TaylorCriterion : ICriterion
{
    public string Name => "taylor";

    public bool NeedsGradients => true;

    public bool NeedsLabels => true;

    public bool IsComparable => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context) => GradientScores.Require(context, group, Name).Taylor;
}
