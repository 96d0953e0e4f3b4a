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
            Model = _analysis.Model.Name,
            ModelSha256 = _analysis.Sha256,
            Criterion = _criterion.Name,
            Rate = options.Rate,
            Scope = options.Scope,
            Seed = options.Seed,
            Groups = [.. _analysis.Groups.Select((g, i) => PlanGroup(g, i, wanted[i], options))],
        };
    }

    private int[] PerLayer(PlanOptions options) => [.. _analysis.Groups.Select(g => GroupWidths.Keep(g.Channels.Count, options.Rate))];

    // The cheapest chunks of the whole model go, each as many channels as the target's quantum asks for, but no group loses
    // more than its limit. The order does not depend on the rate, so a higher rate removes all that a lower one does.
    private int[] Global(PlanOptions options)
    {
        var keep = _analysis.Groups.Select(g => g.Channels.Count).ToArray();
        var toRemove = (int)Math.Round(options.Rate * keep.Sum());
        foreach (var chunk in Enumerable.Range(0, keep.Length).SelectMany(g => Chunks(g, options)).OrderBy(c => c.Price).ThenBy(c => c.Group))
        {
            if (chunk.Size / 2.0 > toRemove)
            {
                break;
            }

            keep[chunk.Group] -= chunk.Size;
            toRemove -= chunk.Size;
        }

        return keep;
    }

    // Steps from one allowed width of a group to the next lower one, with what a channel of the step is worth. Scores in one
    // unit are set against what a channel costs, so that they say which to spend on.
    private IEnumerable<(int Group, int Size, double Price)> Chunks(int index, PlanOptions options)
    {
        var group = _analysis.Groups[index];
        var cost = _criterion.IsComparable ? ChannelCost.Share(group, _analysis) : 1;
        var least = GroupWidths.Keep(group.Channels.Count, options.MaxGroupRate);
        var (width, floor) = (group.Channels.Count, 0.0);
        foreach (var next in GroupWidths.Below(width, GroupWidths.Quantum(group, options), group.Blocks).TakeWhile(w => w >= least))
        {
            var mean = _order[index].Skip(group.Channels.Count - width).Take(width - next).Average(c => _scores[index][c]);
            floor = Math.Max(floor, mean / cost);
            yield return (index, width - next, floor);
            width = next;
        }
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
