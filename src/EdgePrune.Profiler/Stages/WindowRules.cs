using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>When a measuring window ends, and how much of it is kept.</summary>
/// <param name="Duration">Shortest duration.</param>
/// <param name="MinRuns">Fewest runs.</param>
/// <param name="Capacity">Most samples that one window keeps; of more runs it keeps each second, fourth, eighth and so on.</param>
internal sealed record WindowRules(TimeSpan Duration, int MinRuns, int Capacity)
{
    // 250,000 samples are 2 MB: more would show in the peak memory that is measured in the same process.
    private const int TotalCapacity = 250_000;
    private const int SlowRuns = 20;
    private const int FewestRuns = 3;
    private const int SlowFactor = 10;

    /// <summary>Longest factor by which a slow model may exceed the window's duration.</summary>
    public const int LongestFactor = 60;

    public static WindowRules From(ProfileSettings settings) => new(settings.Window, settings.MinRunsPerWindow, TotalCapacity / settings.Windows);

    /// <summary>
    /// Whether the window is complete. A slow model stops at 20 runs after ten times the duration and at 3 runs after
    /// sixty times; its report then has fewer percentiles instead of taking hours.
    /// </summary>
    public bool IsComplete(long runs, TimeSpan elapsed) =>
        (runs >= MinRuns && elapsed >= Duration)
        || (runs >= SlowRuns && elapsed >= Duration * SlowFactor)
        || (runs >= FewestRuns && elapsed >= Duration * LongestFactor);
}
