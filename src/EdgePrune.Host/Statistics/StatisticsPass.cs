using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>One streaming pass of samples through a model that gathers statistics at consumers' inputs.</summary>
internal static class StatisticsPass
{
    /// <summary>Gathers statistics of every activation axis that a contraction reads and a group touches.</summary>
    public static IReadOnlyDictionary<AxisRef, ChannelStatistics> Gather(ModelAnalysis analysis, ISampleSource samples, CancellationToken cancellationToken)
    {
        var statistics = analysis.Groups
            .SelectMany(g => g.Consumers)
            .Select(c => c.Data)
            .Distinct()
            .Select(axis => TryMake(analysis, axis))
            .OfType<ChannelStatistics>()
            .ToDictionary(s => s.Axis);
        if (statistics.Count == 0)
        {
            return statistics;
        }

        using var runner = new GraphRunner(ProbedModel.Of(analysis.Model, statistics.Keys.Select(a => a.Value.Name)), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, _) in new SampleFeeder(analysis.Model, samples).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Look(feeds, outputs =>
            {
                foreach (var (axis, channel) in statistics)
                {
                    channel.Add(outputs[axis.Value.Name]);
                }
            });
        }

        return statistics;
    }

    /// <summary>Channels of an axis: its classes, each with the indices it owns; null when they own unequally many.</summary>
    public static IReadOnlyList<IReadOnlyList<int>>? MembersOf(ModelAnalysis analysis, AxisRef axis)
    {
        var classes = analysis.Linker.Classes;
        List<IReadOnlyList<int>> members =
        [
            .. Enumerable.Range(0, classes.Size(axis)).GroupBy(i => classes.ClassOf(axis, i)).Select(c => (IReadOnlyList<int>)[.. c]),
        ];
        return members.All(m => m.Count == members[0].Count) ? members : null;
    }

    private static ChannelStatistics? TryMake(ModelAnalysis analysis, AxisRef axis) =>
        MembersOf(analysis, axis) is { } members ? new ChannelStatistics(axis, members) : null;
}
