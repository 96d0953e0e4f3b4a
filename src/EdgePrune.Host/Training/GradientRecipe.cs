using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What gradients a model's channels are scored by.</summary>
public sealed record GradientRecipe
{
    /// <summary>Samples that are looked at. <value>Default: 512. Range: 1 and above.</value></summary>
    public int Samples { get; set; } = 512;

    /// <summary>
    /// Whether classes are drawn from what the model itself says instead of taken from labels, so that none are needed; then
    /// squared gradients are those of the Fisher information. <value>Default: false.</value>
    /// </summary>
    public bool OwnLabels { get; set; }

    /// <summary>Seed of what is drawn. <value>Default: 1.</value></summary>
    public int Seed { get; set; } = 1;
}

/// <summary>What gradients say of each channel of each group: what the loss would lose without it.</summary>
/// <param name="Groups">The groups, as <see cref="ModelAnalysis.Groups"/> names them.</param>
/// <param name="Samples">Samples they rest on.</param>
public sealed record GradientScores(IReadOnlyList<GroupGradients> Groups, int Samples)
{
    /// <summary>The gradients of a group.</summary>
    /// <exception cref="InputException">There are none, or they are of another model.</exception>
    internal static GroupGradients Require(CriterionContext context, PruningGroup group, string criterion)
    {
        if (context.Gradients is not { } scores)
        {
            throw new InputException(ErrorCode.NoSamples, $"The criterion '{criterion}' needs gradients; the tool measures them with '--data'. In code, set CompressionPipeline.Trainer or CriterionContext.Gradients.");
        }

        return scores.Groups.FirstOrDefault(g => g.Group == group.Name && g.Taylor.Count == group.Channels.Count && g.Fisher.Count == group.Channels.Count)
            ?? throw new InputException(ErrorCode.PlanMismatch, $"The gradients know no group '{group.Name}' of {group.Channels.Count} channels. Measure them on this model.");
    }
}

/// <summary>Gradients of the loss by gates of 1 on the channels of one group, where the removal proof zeroes them.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Taylor">|mean over samples of the gradient|, one a channel: the first-order change of the loss (Molchanov et al., 2017).</param>
/// <param name="Fisher">Half the mean over samples of the squared gradient, one a channel: the second-order change (Theis et al., 2018; Liu et al., 2021).</param>
public sealed record GroupGradients(string Group, IReadOnlyList<double> Taylor, IReadOnlyList<double> Fisher)
{
    /// <summary>What the gradients do not see of the group: nodes that combine its channels in a way no gate stands for, one sentence each. <value>Default: none.</value></summary>
    public IReadOnlyList<string> Unseen { get; set; } = [];
}
