using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Repair without a single sample: removed channels are merged into kept ones by what the weights alone say of how channels
/// go together.
/// </summary>
/// <remarks>
/// Nothing can be measured without data, so the guess is held to two rules instead. A consumer keeps the merged weights only
/// if their norm stays within <see cref="MostGrowth"/> of what the original's was, because a prediction that pits large
/// weights against each other is one that the guessed covariance does not bear. And the whole is kept only if it takes a
/// tenth off the output error on normal noise: where the guess fits so little even there, it would do harm on real data.
/// </remarks>
internal static class DataFreeRepair
{
    private const double MostGrowth = 1.5;
    private const double LeastGain = 0.9;
    private const int NoiseRuns = 16;

    /// <summary>Repairs a pruned model.</summary>
    /// <returns>The repaired copy, and its errors on normal noise.</returns>
    public static (Model Model, RecoveryReport Report) Recover(ModelAnalysis analysis, RemovedChannels removed, Model pruned)
    {
        var repaired = pruned.Clone();
        var statistics = MomentPropagation.Of(analysis).Where(s => !double.IsNaN(s.Value.Covariance()[0, 0])).ToDictionary();
        var consumers = CovarianceRepair.Apply(analysis, removed, repaired, statistics, MostGrowth);
        var (before, after) = (OnNoise(analysis, pruned), OnNoise(analysis, repaired));
        var sound = after <= LeastGain * before;
        return (sound ? repaired : pruned, new RecoveryReport(sound, before, double.IsFinite(after) ? after : before, 0, 0, consumers));
    }

    private static double OnNoise(ModelAnalysis analysis, Model candidate)
    {
        var feeds = Enumerable.Range(1, NoiseRuns).Select(seed => RandomFeeds.For(analysis.Model, analysis.Shapes, seed));
        return OutputError.Measure(analysis.Model, candidate, feeds);
    }
}
