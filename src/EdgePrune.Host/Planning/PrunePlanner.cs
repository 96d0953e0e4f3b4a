namespace EdgePrune.Host;

/// <summary>Turns scores and a rate into a plan. Scores are computed once; plans for many rates are cheap.</summary>
public sealed class PrunePlanner
{
    private readonly ModelAnalysis _analysis;
    private readonly ICriterion _criterion;
    private readonly IReadOnlyList<double>[] _scores;
    private readonly int[][] _order;

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
        _order = [.. _scores.Select(s => Enumerable.Range(0, s.Count).OrderBy(c => s[c]).ToArray())];
    }

    /// <summary>Makes a plan.</summary>
    /// <param name="options">Rate, scope and rounding.</param>
    /// <returns>The plan.</returns>
    public PrunePlan Plan(PlanOptions options)
    {
        var wanted = options.Scope == PruningScope.PerLayer ? PerLayer(options) : Global(options);
        return new PrunePlan
        {
            Model = _analysis.Model.Graph.Name,
            ModelSha256 = _analysis.Sha256,
            Criterion = _criterion.Name,
            Rate = options.Rate,
            Scope = options.Scope,
            Seed = options.Seed,
            Groups = [.. _analysis.Groups.Select((g, i) => PlanGroup(g, i, wanted[i], options))],
        };
    }

    private int[] PerLayer(PlanOptions options) => [.. _analysis.Groups.Select(g => GroupWidths.Keep(g.Channels.Count, options.Rate))];

    // The lowest scores of the whole model go, but no group loses more than its limit. Scores in one unit say what a channel
    // is worth; set against what it costs, they say which to spend on.
    private int[] Global(PlanOptions options)
    {
        var counts = _analysis.Groups.Select(g => g.Channels.Count).ToArray();
        var least = counts.Select(c => GroupWidths.Keep(c, options.MaxGroupRate)).ToArray();
        var toRemove = (int)Math.Round(options.Rate * counts.Sum());
        var keep = counts.ToArray();
        double[] price = [.. _analysis.Groups.Select(g => _criterion.IsComparable ? ChannelCost.Share(g, _analysis) : 1)];
        var ranked = Enumerable.Range(0, counts.Length)
            .SelectMany(g => _order[g].Select(c => (Group: g, Score: _scores[g][c] / price[g])))
            .OrderBy(c => c.Score)
            .ThenBy(c => c.Group);
        foreach (var (group, _) in ranked)
        {
            if (toRemove > 0 && keep[group] > least[group])
            {
                keep[group]--;
                toRemove--;
            }
        }

        return keep;
    }

    private GroupPlan PlanGroup(PruningGroup group, int index, int wanted, PlanOptions options)
    {
        var quantum = GroupWidths.Quantum(group, options);
        var keep = GroupWidths.Round(wanted, group.Channels.Count, quantum, group.Blocks);
        int[] remove = [.. Remove(group, index, keep).Order()];
        var kept = Enumerable.Range(0, group.Channels.Count).Except(remove);
        return new GroupPlan(group.Name, group.Channels.Count, quantum, remove,
            kept.Select(c => (double?)_scores[index][c]).Min(),
            remove.Select(c => (double?)_scores[index][c]).Max());
    }

    private IEnumerable<int> Remove(PruningGroup group, int index, int keep)
    {
        var fromEach = (group.Channels.Count - keep) / group.Blocks;
        return _order[index].GroupBy(c => group.Channels[c].Block).SelectMany(b => b.Take(fromEach));
    }

    // Relative to the group's mean, so that no layer is emptied because its weights are small.
    private static double[] Normalize(IReadOnlyList<double> scores)
    {
        var mean = scores.Average();
        return [.. scores.Select(s => mean > 0 ? s / mean : 0)];
    }
}
