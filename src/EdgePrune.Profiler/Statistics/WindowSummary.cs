using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Turns measured windows into the statistics of a report. Number, mean and fastest are those of all runs; percentiles rest on what the windows
/// kept. Where one window kept fewer than another, the others give as few, so that each stretch of time counts the same.
/// </summary>
internal static class WindowSummary
{
    /// <summary>Warm latency over all windows.</summary>
    /// <param name="windows">The windows, with at least one run each.</param>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    /// <param name="confidence">Confidence of each bound. Range: above 0, below 1.</param>
    public static LatencyStatistics Latency(IReadOnlyList<MeasuredWindow> windows, long frequency, double confidence)
    {
        var every = windows.Max(w => w.Times.Stride);
        var count = windows.Sum(w => w.Times.Count);
        var total = windows.Sum(w => (double)w.Times.Sum) * (1e9 / frequency);
        return LatencySummary.Of([.. windows.SelectMany(w => w.Nanoseconds(frequency, every))], confidence) with
        {
            Count = count,
            Total = LatencySummary.Time(total),
            Mean = LatencySummary.Time(total / count),
            Min = LatencySummary.Time(windows.Min(w => w.Times.Shortest) * (1e9 / frequency)),
            EveryNth = every > 1 ? every : null,
        };
    }

    /// <summary>Warm latency of one window, by all that it kept.</summary>
    /// <param name="window">The window, with at least one run.</param>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    public static WindowStatistics OfWindow(MeasuredWindow window, long frequency) =>
        LatencySummary.OfWindow(window.Nanoseconds(frequency, window.Times.Stride), window.Collections) with
        {
            Count = window.Times.Count,
            Min = LatencySummary.Time(window.Times.Shortest * (1e9 / frequency)),
        };
}
