using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Prunes one group alone and repairs it, for measuring what the model's output loses by it. The repair is the one that folds
/// predictions into the readers: it costs little, and what it leaves is what groups are compared by.
/// </summary>
/// <param name="analysis">The analysed model.</param>
/// <param name="planner">Says which channels go first.</param>
/// <param name="statistics">What repair rests on, or null without repair.</param>
internal sealed class LonePruning(ModelAnalysis analysis, PrunePlanner planner, Lazy<RepairStatistics>? statistics)
{
    /// <summary>The allowed widths that these rates leave of a group, each once, all below its full width.</summary>
    public static IEnumerable<int> Widths(PruningGroup group, IReadOnlyList<double> rates) =>
        rates.Select(r => GroupWidths.Round(Math.Max(group.Least, GroupWidths.Keep(group.Channels.Count, r)), group.Channels.Count, 1, group.Blocks))
            .Where(w => w < group.Channels.Count)
            .Distinct();

    /// <summary>The plan that leaves this width of one group and all of the others.</summary>
    public PrunePlan Plan(int index, int width)
    {
        var widths = analysis.Groups.Select((g, i) => i == index ? width : g.Channels.Count).ToArray();
        return planner.PlanOfWidths(widths, new PlanOptions(0, PruningScope.PerLayer, 0.99, null, Precision.Float32, 1));
    }

    /// <summary>The model by such a plan, repaired.</summary>
    public Model Carry(PrunePlan plan)
    {
        var removed = new RemovedChannels(analysis, plan);
        var pruned = ChannelPruner.Remove(analysis, removed);
        if (statistics is not null)
        {
            CovarianceRepair.Apply(analysis, removed, pruned, statistics.Value.Channels);
        }

        return pruned;
    }
}
