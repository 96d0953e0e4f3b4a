using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What samples showed of a group's channels where they are read.</summary>
internal static class GroupInputs
{
    /// <summary>For each activation that a consumer reads, one figure a channel: the mean over the indices it owns there.</summary>
    /// <param name="group">The group.</param>
    /// <param name="context">Holds the statistics.</param>
    /// <param name="figure">The figure of one index.</param>
    /// <returns>One array for each activation with statistics; none without samples.</returns>
    public static IReadOnlyList<double[]> Mean(PruningGroup group, CriterionContext context, Func<ActivationCounters, int, double> figure) =>
    [
        .. group.Consumers.Select(c => c.Data).Distinct()
            .Where(a => context.Statistics?.ContainsKey(a) == true)
            .Select(a => Each(group, a, indices => indices.Average(i => figure(context.Statistics![a].Activations, i)))),
    ];

    /// <summary>One figure a channel from the indices it owns on an axis of the group.</summary>
    public static T[] Each<T>(PruningGroup group, AxisRef axis, Func<IReadOnlyList<int>, T> figure)
    {
        var position = group.Axes.Index().First(a => a.Item == axis).Index;
        return [.. group.Channels.Select(c => figure(c.Slices[position]))];
    }
}
