namespace EdgePrune.Host;

/// <summary>Says how much a model needs each channel of a group. A new criterion is one class and one line in <see cref="CriterionRegistry"/>.</summary>
public interface ICriterion
{
    /// <summary>Name on the command line and in plans, such as <c>l2</c>.</summary>
    string Name { get; }

    /// <summary>Whether the criterion looks at activations and so needs samples. <value>Default: false.</value></summary>
    bool NeedsSamples => false;

    /// <summary>Whether the criterion looks at gradients of the loss and so needs an <see cref="ITrainer"/>. <value>Default: false.</value></summary>
    bool NeedsGradients => false;

    /// <summary>Whether its gradients are those of the samples' own labels; otherwise classes are drawn from what the model says. <value>Default: false.</value></summary>
    bool NeedsLabels => false;

    /// <summary>Whether scores of different groups are in one unit; if not, they are taken relative to their group's mean. <value>Default: false.</value></summary>
    bool IsComparable => false;

    /// <summary>Scores the channels of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="context">What may be looked at.</param>
    /// <returns>One score a channel, in the group's order; not negative, higher is more important.</returns>
    IReadOnlyList<double> Score(PruningGroup group, CriterionContext context);
}

/// <summary>What a criterion may look at.</summary>
public sealed record CriterionContext
{
    /// <summary>The analysed model.</summary>
    public required ModelAnalysis Analysis { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>Gradients of the loss, or null when none were measured.</summary>
    public GradientScores? Gradients { get; init; }

    /// <summary>Statistics at consumers' inputs, or null without samples.</summary>
    internal IReadOnlyDictionary<Onnx.AxisRef, ChannelStatistics>? Statistics { get; init; }
}
