using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What one channel of a group is worth: what goes with it when it alone is removed, the mean over the group's channels.</summary>
/// <param name="Parameters">Float parameters.</param>
/// <param name="Macs">Multiply-accumulate operations of one inference.</param>
/// <param name="ParameterShare">Share of the model's parameters, 0 to 1.</param>
/// <param name="MacShare">Share of the model's operations, 0 to 1.</param>
public sealed record ChannelWorth(double Parameters, double Macs, double ParameterShare, double MacShare)
{
    /// <summary>Counts what a channel is worth.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="group">One of its groups.</param>
    /// <returns>The figures.</returns>
    public static ChannelWorth Of(ModelAnalysis analysis, PruningGroup group)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(group);
        var shares = group.Axes.Index().ToDictionary(a => a.Item, a => group.Channels.Average(c => c.Slices[a.Index].Count) / analysis.Linker.Classes.Size(a.Item));
        var parameters = group.Axes.Where(a => a.Value.Constant?.ElementType.IsFloat() == true)
            .GroupBy(a => a.Value)
            .Sum(v => v.Key.Constant!.Count * Lost(v.Select(a => shares[a])))
            + group.Consumers.Where(c => c.Blocks > 1).Sum(c => c.Weight.Value.Constant!.Count * shares.GetValueOrDefault(c.Data));
        var macs = analysis.Contractions.Sum(c => c.Macs * Lost([shares.GetValueOrDefault(c.Data), shares.GetValueOrDefault(c.Output)]))
            + analysis.Carries.Sum(c => c.Macs * shares.GetValueOrDefault(c.Output));
        return new ChannelWorth(parameters, macs, parameters / Math.Max(1, analysis.Cost.Parameters), macs / Math.Max(1, analysis.Cost.Macs));
    }

    // What is cut on two axes is lost once where the cuts cross.
    private static double Lost(IEnumerable<double> shares) => 1 - shares.Aggregate(1.0, (kept, share) => kept * (1 - share));
}
