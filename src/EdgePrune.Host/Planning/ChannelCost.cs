using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What removing one channel of a group saves.</summary>
internal static class ChannelCost
{
    /// <summary>Mean of the shares of operations and of parameters that one channel of the group accounts for.</summary>
    public static double Share(PruningGroup group, ModelAnalysis analysis)
    {
        var macs = group.Producers.Concat(group.Consumers).Sum(c => (double)c.Macs) + group.Carriers.Sum(c => (double)c.Macs);
        var parameters = group.Axes.Where(a => a.Value.Constant?.ElementType.IsFloat() == true).Sum(a => (double)a.Value.Constant!.Count);
        return ((macs / Math.Max(1, analysis.Cost.Macs)) + (parameters / Math.Max(1, analysis.Cost.Parameters))) / 2 / group.Channels.Count;
    }
}
