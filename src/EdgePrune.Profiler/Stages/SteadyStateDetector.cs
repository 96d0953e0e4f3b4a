namespace EdgePrune.Profiler;

/// <summary>
/// Decides whether a series has settled: the medians of its last two windows differ by less than 1 % and the
/// Mann-Whitney test sees no shift between them (p above 0.05).
/// </summary>
public static class SteadyStateDetector
{
    /// <summary>Fewest values of one window. <value>30.</value></summary>
    public const int MinimumWindow = 30;

    private const double MaxShift = 0.01;
    private const double Significance = 0.05;

    /// <summary>Length of a window for a series: a tenth of it, at least <see cref="MinimumWindow"/>.</summary>
    /// <param name="count">Length of the series.</param>
    /// <returns>The length of one window.</returns>
    public static int WindowFor(int count) => Math.Max(MinimumWindow, count / 10);

    /// <summary>Whether the last two windows of the given length agree.</summary>
    /// <param name="series">Latencies in the order they were measured.</param>
    /// <param name="window">Length of one window.</param>
    /// <returns>True when they agree; false when they do not or the series is too short.</returns>
    public static bool IsSteady(ReadOnlySpan<double> series, int window)
    {
        if (window < 1 || series.Length < 2 * window)
        {
            return false;
        }

        var late = series[^window..];
        var early = series[^(2 * window)..^window];
        var earlyMedian = Median(early);
        return Math.Abs(Median(late) - earlyMedian) < MaxShift * earlyMedian
            && MannWhitney.PValue(early, late) > Significance;
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
