using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>How long a bench measures, and which figure it adds.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Windows">Measuring windows of a cell.</param>
/// <param name="Window">Shortest duration of a window.</param>
/// <param name="MinRuns">Fewest inferences of a window.</param>
/// <param name="IsInStyleOfMlperf">Whether the median rate of the windows is reported, as MLPerf Tiny does.</param>
internal sealed record BenchRules(string Name, int Windows, TimeSpan Window, int MinRuns, bool IsInStyleOfMlperf = false)
{
    // The profiler keeps at most this many samples of a measurement, and ends a window that is full.
    private const int SampleCapacity = 250_000;

    private static readonly ProfileSettings Standard = new();

    /// <summary>The rules of <c>profile</c>.</summary>
    public static BenchRules Default { get; } = new("default", Standard.Windows, Standard.Window, Standard.MinRunsPerWindow);

    /// <summary>
    /// In the style of the run rules of MLPerf Tiny (mlcommons/tiny, MLPerf Tiny Inference Rules): single stream, five measurements of at
    /// least 10 seconds and at least 10 inferences, the median of the five is reported.
    /// </summary>
    public static BenchRules MlperfTiny { get; } = new("mlperf-tiny", 5, TimeSpan.FromSeconds(10), 10, IsInStyleOfMlperf: true);

    /// <summary>All rules by name.</summary>
    public static IReadOnlyDictionary<string, BenchRules> All { get; } =
        new[] { Default, MlperfTiny }.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Settings under these rules.</summary>
    /// <param name="maxWarmup">Longest warm-up.</param>
    public ProfileSettings Settings(TimeSpan maxWarmup) =>
        new() { Windows = Windows, Window = Window, MinRunsPerWindow = MinRuns, MaxWarmup = maxWarmup, PerOperator = false };

    /// <summary>Inferences in a second: the median over the windows of one over the window's median; null where the rules have no such figure or were not met.</summary>
    /// <param name="report">The measurement.</param>
    public double? PerSecond(ProfileReport report)
    {
        if (!IsInStyleOfMlperf || Fault(report) is not null)
        {
            return null;
        }

        double[] rates = [.. report.Windows.Select(w => 1 / w.P50.TotalSeconds).Order()];
        return rates[rates.Length / 2];
    }

    /// <summary>What of the rules a measurement did not meet, or null.</summary>
    /// <param name="report">The measurement.</param>
    public string? Fault(ProfileReport report) => report.Windows switch
    {
        _ when !IsInStyleOfMlperf => null,
        var windows when windows.Count != Windows => $"There are {windows.Count} windows; the rules want {Windows}.",
        var windows when windows.Any(w => w.Count < MinRuns) => $"A window has fewer than {MinRuns} inferences.",
        var windows when windows.Any(w => w.Count >= SampleCapacity / Windows) => $"A window was full after {SampleCapacity / Windows} inferences, before its {Durations.Print(Window)} were over.",
        var windows when windows.Any(w => w.P50 <= TimeSpan.Zero) => "A window has no median.",
        _ => null,
    };
}
