using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Channels that training has driven to nothing, and the plan that removes them.</summary>
internal static class DeadChannels
{
    /// <summary>A channel is dead below this share of the median of its group's channels that are not zero.</summary>
    public const double Share = 1e-3;

    /// <summary>The dead channels of each group, weakest first.</summary>
    /// <param name="analysis">The trained model.</param>
    /// <param name="method">What it was trained with: by the scales of batch normalization, or by the norm of all weights of a channel.</param>
    public static IReadOnlyList<int[]> Of(ModelAnalysis analysis, SparseTrainingMethod method) =>
        [.. analysis.Groups.Select(g => Below(method == SparseTrainingMethod.BatchNormScale ? Scales(analysis, g) : Norms(g)))];

    /// <summary>A plan that also removes dead channels, as many as leave the group sound.</summary>
    public static PrunePlan Add(PrunePlan plan, ModelAnalysis analysis, IReadOnlyList<int[]> dead)
    {
        GroupPlan[] groups = [.. plan.Groups.Select((g, i) => g with { Remove = Join(analysis.Groups[i], g.Remove, dead[i]) })];
        if (plan.Before is not { } before)
        {
            return plan with { Groups = groups };
        }

        var after = CostLedger.Footprint(new CostModel(analysis, null, Precision.Float32), [.. groups.Select(g => g.Remove)]);
        return plan with { Groups = groups, After = after, Reached = before.Of(plan.RateOf) > 0 ? 1 - (after.Of(plan.RateOf) / before.Of(plan.RateOf)) : 0 };
    }

    // Blocks that must keep equally many lose equally many.
    private static int[] Join(PruningGroup group, IReadOnlyList<int> removed, int[] dead)
    {
        List<int> all = [.. removed, .. dead.Except(removed)];
        var blocks = all.ToLookup(c => group.Channels[c].Block);
        var each = Math.Min(Enumerable.Range(0, group.Blocks).Min(b => blocks[b].Count()), (group.Channels.Count - group.Least) / group.Blocks);
        return each * group.Blocks <= removed.Count ? [.. removed] : [.. Enumerable.Range(0, group.Blocks).SelectMany(b => blocks[b].Take(each)).Order()];
    }

    private static double[] Norms(PruningGroup group) =>
        [.. GroupWeights.All(group).Select(w => w.Sums(2)).Aggregate(new double[group.Channels.Count], (sum, part) => [.. sum.Zip(part, (a, b) => a + b)]).Select(Math.Sqrt)];

    private static double[] Scales(ModelAnalysis analysis, PruningGroup group) =>
    [
        .. group.Axes.Index().Where(a => analysis.Normalizations.ContainsKey(a.Item))
            .Select(a => group.Channels.Select(c => c.Slices[a.Index].Max(i => Math.Abs((double)analysis.Normalizations[a.Item].Gamma[i]))).ToArray())
            .DefaultIfEmpty([])
            .Aggregate((a, b) => [.. a.Zip(b, Math.Max)]),
    ];

    private static int[] Below(double[] figures)
    {
        // Where most channels died, the median is that of the others.
        var alive = figures.Where(f => f > 0).Order().ToList();
        var median = alive.Count > 0 ? alive[alive.Count / 2] : 0;
        return [.. figures.Index().Where(f => f.Item <= Share * median).OrderBy(f => f.Item).Select(f => f.Index)];
    }
}
