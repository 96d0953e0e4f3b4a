namespace EdgePrune.Host;

/// <summary>What the loss changes by, to second order, when a channel goes. Needs samples without labels.</summary>
/// <remarks>
/// score(c) = half the mean over samples of (dL/dg_c)^2, g_c being a gate of 1 in all places where the channel is read, and L the
/// cross-entropy by a class drawn from what the model itself says, so that the mean is the diagonal of the Fisher information. Theis et al.,
/// Faster gaze prediction with dense networks and Fisher pruning, 2018; over coupled channels: Liu et al., Group Fisher Pruning,
/// ICML 2021. In units of the loss, and so comparable between groups.
/// </remarks>
internal sealed class FisherCriterion : ICriterion
{
    public string Name => "fisher";

    public bool NeedsGradients => true;

    public bool IsComparable => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context) => GradientScores.Require(context, group, Name).Fisher;
}
