using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// The ratio of two series that were measured in turn. Each round A B B A gives one ratio, (A1 + A2) / (B1 + B2): a drift that is
/// straight over the round cancels in it. The interval is that of the median of the ratios, from order statistics, for as many
/// independent rounds as they are worth.
/// </summary>
public static class PairedRatio
{
    /// <summary>Fewest rounds of a comparison. <value>20.</value></summary>
    public const int FewestRounds = 20;

    /// <summary>The median ratio with its two-sided interval.</summary>
    /// <param name="ratios">One ratio for each round, in order, at least one.</param>
    /// <param name="confidence">Confidence of the interval. Range: above 0, below 1.</param>
    /// <returns>The ratio.</returns>
    /// <exception cref="ArgumentException">There is no ratio.</exception>
    public static BoundedRatio Of(ReadOnlySpan<double> ratios, double confidence)
    {
        if (ratios.IsEmpty)
        {
            throw new ArgumentException("A ratio needs at least one round.", nameof(ratios));
        }

        var sorted = ratios.ToArray();
        Array.Sort(sorted);
        var size = Math.Max(1, EffectiveSampleSize.Estimate(ratios));
        var oneSided = 1 - ((1 - confidence) / 2);
        var (lower, upper) = LatencySummary.Interval(sorted, 0.5, oneSided, size);
        var estimate = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return new BoundedRatio(estimate, lower, upper);
    }

    /// <summary>What follows from an interval.</summary>
    /// <param name="ratio">Candidate over reference.</param>
    /// <returns>Faster or slower only when the whole interval says so.</returns>
    public static SpeedVerdict Judge(BoundedRatio ratio) => ratio switch
    {
        { Upper: < 1 } => SpeedVerdict.Faster,
        { Lower: > 1 } => SpeedVerdict.Slower,
        _ => SpeedVerdict.CannotTell,
    };
}
