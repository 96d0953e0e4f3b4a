namespace EdgePrune.Host;

/// <summary>
/// Channels that give one and the same number whatever the input, such as a Relu whose pre-activation never is positive.
/// Their removal costs nothing: the constant goes into the bias of every consumer.
/// </summary>
/// <remarks>
/// That is exact wherever every output position sees the channel under all taps. Under a zero-padded border some taps see
/// the padding instead of the constant; there it is exact only for the constant 0.
/// </remarks>
internal static class ConstantChannels
{
    /// <summary>A channel is constant when it varies less than this share of what the channels beside it do, in squares.</summary>
    private const double Share = 1e-10;

    /// <summary>For each group the numbers of its constant channels, those of all consumers' inputs agreeing.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="statistics">Statistics at consumers' inputs.</param>
    /// <returns>One list for each group, in the model's order; empty for a group that no statistics speak of.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Of(ModelAnalysis analysis, IReadOnlyDictionary<Onnx.AxisRef, ChannelStatistics> statistics)
    {
        var constant = statistics.ToDictionary(s => s.Key, s => Indices(s.Value));
        return [.. analysis.Groups.Select(group => (IReadOnlyList<int>)Channels(group, constant))];
    }

    private static List<int> Channels(PruningGroup group, Dictionary<Onnx.AxisRef, HashSet<int>> constant)
    {
        var axes = group.Consumers.Select(c => c.Data).Distinct().ToList();
        if (axes.Exists(a => !constant.ContainsKey(a)))
        {
            return [];
        }

        var places = axes.Select(a => (Indices: constant[a], Place: group.Axes.Index().First(x => x.Item == a).Index)).ToList();
        return [.. group.Channels.Index().Where(c => places.TrueForAll(p => c.Item.Slices[p.Place].All(p.Indices.Contains))).Select(c => c.Index)];
    }

    private static HashSet<int> Indices(ChannelStatistics statistics)
    {
        var covariance = statistics.Covariance();
        var variances = Enumerable.Range(0, statistics.Members.Count).Select(i => covariance[i, i]).ToList();
        var most = Math.Max(variances.Max() * Share, double.Epsilon);
        return [.. variances.Index().Where(v => v.Item <= most).SelectMany(v => statistics.Members[v.Index])];
    }
}
