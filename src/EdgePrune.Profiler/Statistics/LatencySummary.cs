using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Turns a series of latencies into percentiles with bounds. A bound's rank k is taken for the effective number of runs m
/// and mapped to the n runs that were made at the same place of the sample, k·(n + 1)/(m + 1); between two runs the bound is
/// interpolated. With independent runs m = n and nothing changes; with correlated runs the bounds widen by about √(n/m).
/// Each percentile has its own m, and is refused when m cannot bound it; the summary's effective count is the smallest m.
/// </summary>
public static class LatencySummary
{
    // Ten bounds of five windows hold together in at least nine of ten runs.
    private const double WindowConfidence = 0.99;

    private static readonly double[] Levels = [0.5, 0.9, 0.95, 0.99];

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
        var sizes = Sizes(nanoseconds, sorted);
        return new LatencyStatistics
        {
            Count = sorted.Length,
            Min = Time(sorted[0]),
            Mean = Time(sorted.Average()),
            P50 = Bounds(sorted, 0.5, confidence, sizes[0]),
            P90 = BoundIfEnough(sorted, 0.9, confidence, sizes[1]),
            P95 = BoundIfEnough(sorted, 0.95, confidence, sizes[2]),
            P99 = WithUpper(BoundIfEnough(sorted, 0.99, confidence, sizes[3]), BoundIfEnough(sorted, 0.99, confidence, TailSize(sizes))),
            EffectiveCount = sizes.Min(),
        };
    }

    private static BoundedTime? WithUpper(BoundedTime? time, BoundedTime? other) => time is null ? null : time with { Upper = other?.Upper };

    // For the upper bound. The runs beyond the 99th percentile are few, and what they show of their correlation is too little on
    // average (the bound held in 92.8 of 100 correlated series): half of the difference to the 95th, on a scale of factors, makes up for it.
    private static double TailSize(double[] sizes) => Math.Min(sizes[3], Math.Sqrt(sizes[3] * sizes[2]));

    private static double[] Sizes(ReadOnlySpan<double> series, double[] sorted)
    {
        var sizes = new double[Levels.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Max(1, EffectiveSampleSize.EstimateForQuantile(series, Percentile(sorted, Levels[i])));
        }

        return sizes;
    }

    /// <summary>Summarises one window.</summary>
    /// <param name="nanoseconds">The window's latencies in nanoseconds, at least one.</param>
    /// <param name="collections">Garbage collections during the window.</param>
    /// <returns>The statistics.</returns>
    public static WindowStatistics OfWindow(ReadOnlySpan<double> nanoseconds, int collections)
    {
        var sorted = nanoseconds.ToArray();
        Array.Sort(sorted);
        var size = Math.Max(1, EffectiveSampleSize.EstimateForQuantile(nanoseconds, Percentile(sorted, 0.5)));
        var median = Bounds(sorted, 0.5, WindowConfidence, size);
        return new WindowStatistics(
            sorted.Length, Time(sorted[0]), median.Estimate, Time(Percentile(sorted, 0.95)), collections)
        {
            P50Lower = median.Lower,
            P50Upper = median.Upper,
        };
    }

    /// <summary>The sample percentile: the smallest value that at least the share p does not exceed.</summary>
    /// <param name="sorted">The values in ascending order, at least one.</param>
    /// <param name="p">The percentile as a share. Range: above 0, to 1.</param>
    /// <returns>One of the values.</returns>
    public static double Percentile(ReadOnlySpan<double> sorted, double p) =>
        sorted[Math.Clamp((int)Math.Ceiling((p * sorted.Length) - 1e-9), 1, sorted.Length) - 1];

    private static BoundedTime? BoundIfEnough(double[] sorted, double p, double confidence, double size) =>
        sorted.Length < OrderStatistics.MinimumCount(p, confidence) ? null : Bounds(sorted, p, confidence, size);

    private static BoundedTime Bounds(double[] sorted, double p, double confidence, double size)
    {
        var (lower, upper) = Interval(sorted, p, confidence, size);
        return new BoundedTime(Time(Percentile(sorted, p)), Time(lower, Math.Floor), Time(upper, Math.Ceiling));
    }

    /// <summary>Lower and upper bound of a percentile of sorted values that are worth <paramref name="size"/> independent ones.</summary>
    internal static (double? Lower, double? Upper) Interval(double[] sorted, double p, double confidence, double size)
    {
        var scale = (sorted.Length + 1) / (size + 1);
        return (At(sorted, scale * OrderStatistics.LowerRank(size, p, confidence)), At(sorted, scale * OrderStatistics.UpperRank(size, p, confidence)));
    }

    // Between two runs, in proportion; the interpolation never leaves the sample.
    private static double? At(double[] sorted, double? rank)
    {
        if (rank is not { } known)
        {
            return null;
        }

        var place = Math.Clamp(known, 1, sorted.Length) - 1;
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    internal static TimeSpan Time(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / TimeSpan.NanosecondsPerTick));

    // A tick has 100 ns, as much as the bounds of a fast model: they are rounded outwards. The allowance keeps whole ticks whole.
    private static TimeSpan? Time(double? nanoseconds, Func<double, double> round)
    {
        const double Allowance = 1e-6;
        return nanoseconds is { } value
            ? TimeSpan.FromTicks((long)round(Math.Round(value / TimeSpan.NanosecondsPerTick / Allowance) * Allowance))
            : null;
    }
}
