using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The importance criteria: one line each.</summary>
public static class CriterionRegistry
{
    private static readonly ICriterion[] Criteria =
    [
        new ObsCriterion(),
        new NormCriterion("l2", power: 2),
        new NormCriterion("l1", power: 1),
        new LampCriterion(),
        new FpgmCriterion(),
        new BatchNormCriterion(),
        new WandaCriterion(),
        new ActivationCriterion(),
        new ApozCriterion(),
        new TaylorCriterion(),
        new FisherCriterion(),
        new RandomCriterion(),
    ];

    /// <summary>Names of all criteria.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Criteria.Select(c => c.Name)];

    /// <summary>Finds a criterion.</summary>
    /// <param name="name">Its name, such as <c>l2</c>.</param>
    /// <returns>The criterion.</returns>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static ICriterion Find(string name) => Criteria.FirstOrDefault(c => c.Name == name)
        ?? throw new InputException(ErrorCode.InvalidOption, $"There is no criterion '{name}'. Known are {string.Join(", ", Names)}.");
}
