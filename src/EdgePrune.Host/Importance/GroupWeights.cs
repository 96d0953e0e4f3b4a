using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Which constants go with a group's channels, and their norms.</summary>
internal static class GroupWeights
{
    /// <summary>Every constant of two or more axes that a group slices, and the grouped convolutions that read it.</summary>
    public static IReadOnlyList<IChannelWeights> All(PruningGroup group) =>
    [
        .. group.Axes.Index().Where(a => IsWeight(a.Item.Value)).Select(a => new AxisWeights(group, a.Index)),
        .. group.Consumers.Where(c => c.Blocks > 1 && !group.Axes.Contains(c.Weight)).DistinctBy(c => c.Weight).Select(c => BlockWeights.OfInputs(group, c)),
        .. group.Producers.Where(p => p.Blocks > 1 && !group.Axes.Contains(OutputAxis(p))).DistinctBy(OutputAxis).Select(p => BlockWeights.OfOutputs(group, p)),
    ];

    /// <summary>The same with the constants of one axis: biases, and scales and shifts of normalizations.</summary>
    public static IReadOnlyList<IChannelWeights> WithVectors(PruningGroup group) =>
    [
        .. All(group),
        .. group.Axes.Index().Where(a => a.Item.Value.Constant is { Rank: 1 } constant && constant.ElementType.IsFloat()).Select(a => new AxisWeights(group, a.Index)),
    ];

    /// <summary>The constants that make a group's channels: the filters of its producers and of what carries it through.</summary>
    public static IReadOnlyList<IChannelWeights> Filters(PruningGroup group)
    {
        var filters = group.Producers.Select(OutputAxis).Concat(group.Carriers.Select(c => c.Weight)).ToHashSet();
        return
        [
            .. group.Axes.Index().Where(a => filters.Contains(a.Item) && IsWeight(a.Item.Value)).Select(a => new AxisWeights(group, a.Index)),
            .. group.Producers.Where(p => p.Blocks > 1 && !group.Axes.Contains(OutputAxis(p))).DistinctBy(OutputAxis).Select(p => BlockWeights.OfOutputs(group, p)),
        ];
    }

    /// <summary>
    /// Mean over the group's constants of each channel's sum of |w| to a power, relative to the constant's mean, so that wide
    /// layers do not drown narrow ones; 1 on average.
    /// </summary>
    public static double[] Relative(PruningGroup group, int power) =>
        RelativeScores.Mean(group.Channels.Count, [.. All(group).Select(w => w.Sums(power))]);

    private static AxisRef OutputAxis(Contraction producer) => new(producer.Weight.Value, producer.WeightOutputAxis);

    private static bool IsWeight(Value value) => value.Constant is { Rank: > 1 } constant && constant.ElementType.IsFloat();
}
