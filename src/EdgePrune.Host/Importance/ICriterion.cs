namespace EdgePrune.Host;

/// <summary>Says how much a model needs each channel of a group. A new criterion is one class and one line in <see cref="CriterionRegistry"/>.</summary>
public interface ICriterion
{
    /// <summary>Name on the command line and in plans, such as <c>l2</c>.</summary>
    string Name { get; }

    /// <summary>Scores the channels of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="context">What may be looked at.</param>
    /// <returns>One score a channel, in the group's order; not negative, higher is more important.</returns>
    IReadOnlyList<double> Score(PruningGroup group, CriterionContext context);
}

/// <summary>What a criterion may look at.</summary>
/// <param name="Analysis">The analysed model.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record CriterionContext(ModelAnalysis Analysis, int Seed);
