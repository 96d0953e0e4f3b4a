using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Turns a series of latencies into percentiles with bounds. A bound's rank is taken for the effective number of runs m
/// and mapped to the n runs that were made at the same place of the sample: upper ⌈k·n/m⌉, lower ⌊(k − 1)·n/m⌋ + 1.
/// With independent runs m = n and nothing changes; with correlated runs the bounds widen by about √(n/m). Each percentile
/// has its own m; the summary's effective count is the smallest of them.
/// </summary>
public static class LatencySummary
{
    /// <summary>Summarises latencies in the order they were measured.</summary>
    /// <param name="nanoseconds">The latencies in nanoseconds, at least one.</param>
    /// <param name="confidence">Confidence of each bound. Range: above 0, below 1.</param>
    /// <returns>The statistics; percentiles that the number of runs cannot bound are null.</returns>
    /// <exception cref="ArgumentException">There is no latency.</exception>
    public static LatencyStatistics Of(ReadOnlySpan<double> nanoseconds, double confidence)
    {
        if (nanoseconds.IsEmpty)
        {
            throw new ArgumentException("A summary needs at least one latency.", nameof(nanoseconds));
        }

        var sorted = nanoseconds.ToArray();
        Array.Sort(sorted);
        var effective = (double)sorted.Length;
        var p50 = Bound(nanoseconds, sorted, 0.5, confidence, ref effective);
        return new LatencyStatistics
        {
            Count = sorted.Length,
            Min = Time(sorted[0]),
            Mean = Time(sorted.Average()),
            P50 = p50,
            P90 = BoundIfEnough(nanoseconds, sorted, 0.9, confidence, ref effective),
            P95 = BoundIfEnough(nanoseconds, sorted, 0.95, confidence, ref effective),
            P99 = BoundIfEnough(nanoseconds, sorted, 0.99, confidence, ref effective),
            EffectiveCount = effective,
        };
    }

    /// <summary>Summarises one window.</summary>
    /// <param name="nanoseconds">The window's latencies in nanoseconds, at least one.</param>
    /// <param name="collections">Garbage collections during the window.</param>
    /// <returns>The statistics.</returns>
    public static WindowStatistics OfWindow(ReadOnlySpan<double> nanoseconds, int collections)
    {
        var sorted = nanoseconds.ToArray();
        Array.Sort(sorted);
        return new WindowStatistics(
            sorted.Length, Time(sorted[0]), Time(Percentile(sorted, 0.5)), Time(Percentile(sorted, 0.95)), collections);
    }

    /// <summary>The sample percentile: the smallest value that at least the share p does not exceed.</summary>
    /// <param name="sorted">The values in ascending order, at least one.</param>
    /// <param name="p">The percentile as a share. Range: above 0, to 1.</param>
    /// <returns>One of the values.</returns>
    public static double Percentile(ReadOnlySpan<double> sorted, double p) =>
        sorted[Math.Clamp((int)Math.Ceiling((p * sorted.Length) - 1e-9), 1, sorted.Length) - 1];

    private static BoundedTime? BoundIfEnough(ReadOnlySpan<double> series, double[] sorted, double p, double confidence, ref double effective) =>
        sorted.Length < OrderStatistics.MinimumCount(p, confidence) ? null : Bound(series, sorted, p, confidence, ref effective);

    private static BoundedTime Bound(ReadOnlySpan<double> series, double[] sorted, double p, double confidence, ref double effective)
    {
        var estimate = Percentile(sorted, p);
        var size = EffectiveSampleSize.EstimateForQuantile(series, estimate);
        effective = Math.Min(effective, size);
        var m = Math.Max(1, (int)size);
        var scale = (double)sorted.Length / m;
        var upper = OrderStatistics.UpperRank(m, p, confidence) is { } high ? (int)Math.Ceiling((high * scale) - 1e-9) : (int?)null;
        var lower = OrderStatistics.LowerRank(m, p, confidence) is { } low ? (int)Math.Floor(((low - 1) * scale) + 1e-9) + 1 : (int?)null;
        return new BoundedTime(Time(estimate), At(sorted, lower), At(sorted, upper));
    }

    private static TimeSpan? At(double[] sorted, int? rank) => rank is { } known ? Time(sorted[known - 1]) : null;

    private static TimeSpan Time(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));
}
