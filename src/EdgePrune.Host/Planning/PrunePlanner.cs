using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Turns scores and a rate into a plan. Scores are computed once; plans for many rates are cheap.</summary>
public sealed class PrunePlanner
{
    private readonly ModelAnalysis _analysis;
    private readonly ICriterion _criterion;
    private readonly IReadOnlyList<double>[] _scores;
    private readonly Dictionary<(Target?, Precision), CostModel> _costs = [];

    /// <summary>Scores a model's groups.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="criterion">The importance criterion.</param>
    /// <param name="seed">Seed of everything random.</param>
    public PrunePlanner(ModelAnalysis analysis, ICriterion criterion, int seed)
        : this(new CriterionContext { Analysis = analysis, Seed = seed }, criterion)
    {
    }

    /// <summary>Scores a model's groups.</summary>
    /// <param name="context">What the criterion may look at.</param>
    /// <param name="criterion">The importance criterion.</param>
    public PrunePlanner(CriterionContext context, ICriterion criterion)
    {
        _analysis = context.Analysis;
        _criterion = criterion;
        _scores = [.. _analysis.Groups.Select(g => criterion.IsComparable ? criterion.Score(g, context) : Normalize(criterion.Score(g, context)))];
    }

    private PrunePlanner(PrunePlanner other, IReadOnlyList<double> gains)
    {
        _analysis = other._analysis;
        _criterion = other._criterion;
        _costs = other._costs;
        _scores = [.. other._scores.Select((scores, group) => scores.Select(s => gains[group] * s).ToArray())];
    }

    /// <summary>Name of the criterion that ranked the channels.</summary>
    public string Criterion => _criterion.Name;

    /// <summary>Whether what scores add up to is a loss, whose height at the model's output can be measured.</summary>
    internal bool ScoresLosses => _criterion is { IsComparable: true, NeedsSamples: true };

    /// <summary>The same ranking with each group's scores times a factor.</summary>
    /// <param name="gains">A factor for each group.</param>
    internal PrunePlanner Times(IReadOnlyList<double> gains) => new(this, gains);

    /// <summary>Makes a plan.</summary>
    /// <param name="options">Rate, scope, limits and rounding.</param>
    /// <returns>The plan, with what it reaches; that can be less than what was asked for when limits leave no more to remove.</returns>
    /// <exception cref="InputException">A limit is for no group, or latency is asked for without a target that has estimates.</exception>
    public PrunePlan Plan(PlanOptions options)
    {
        var cost = Cost(options);
        var slots = GroupSlots.Of(_analysis, _scores, options);
        return Describe(slots, new WidthPlanner(slots, cost, options, _criterion.IsComparable).Widths(), cost, options);
    }

    /// <summary>Makes the plan that leaves these widths, for measuring what they cost.</summary>
    internal PrunePlan PlanOfWidths(IReadOnlyList<int> widths, PlanOptions options) =>
        Describe(GroupSlots.Of(_analysis, _scores, options), widths, Cost(options), options);

    private PrunePlan Describe(IReadOnlyList<GroupSlot> slots, IReadOnlyList<int> widths, CostModel cost, PlanOptions options)
    {
        GroupPlan[] groups = [.. slots.Select((s, i) => PlanGroup(s, widths[i]))];
        var before = options.Basis?.Footprint ?? CostLedger.Footprint(cost, []);
        var after = CostLedger.Footprint(cost, [.. groups.Select(g => g.Remove)]);
        return new PrunePlan
        {
            Model = _analysis.Model.Name,
            ModelSha256 = _analysis.Sha256,
            Criterion = _criterion.Name,
            Rate = options.Rate,
            RateOf = options.RateOf,
            Reached = before.Of(options.RateOf) > 0 ? 1 - (after.Of(options.RateOf) / before.Of(options.RateOf)) : 0,
            Scope = options.Scope,
            Allocation = options.Sensitivity is null ? RateAllocation.Score : RateAllocation.Sensitivity,
            Seed = options.Seed,
            Precision = options.Precision,
            Grouping = _analysis.Options,
            Before = before,
            After = after,
            Groups = groups,
        };
    }

    private GroupPlan PlanGroup(GroupSlot slot, int keep)
    {
        int[] remove = [.. slot.Removed(keep)];
        Array.Sort(remove);
        var kept = slot.Order.AsSpan(remove.Length).ToArray();
        return new GroupPlan(
            slot.Group.Name, slot.Channels, slot.Quantum, remove,
            kept.Select(c => (double?)slot.Scores[c]).Min(),
            remove.Select(c => (double?)slot.Scores[c]).Max(),
            slot.Scores.Min(),
            slot.Scores.Max(),
            _criterion.IsComparable ? remove.Sum(c => slot.Scores[c]) : null);
    }

    private CostModel Cost(PlanOptions options)
    {
        if (options.RateOf == RateUnit.Latency && options.Target?.Performance is null)
        {
            throw new InputException(ErrorCode.InvalidOption, options.Target is null
                ? "A rate of latency needs the target that it is predicted for. Name one with --target."
                : $"The target '{options.Target.Name}' has no 'performance' to predict latency from. Add the estimates to its file, or choose another unit with --rate-of.");
        }

        if (!_costs.TryGetValue((options.Target, options.Precision), out var cost))
        {
            _costs[(options.Target, options.Precision)] = cost = new CostModel(_analysis, options.Target, options.Precision);
        }

        return cost;
    }

    // Relative to the group's mean, so that no layer is emptied because its weights are small.
    private static double[] Normalize(IReadOnlyList<double> scores)
    {
        var mean = scores.Average();
        return [.. scores.Select(s => mean > 0 ? s / mean : 0)];
    }
}
