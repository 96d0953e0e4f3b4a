using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>How long a bench measures, how often, and which figure it adds.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Windows">Measuring windows of a run.</param>
/// <param name="Window">Shortest duration of a window.</param>
/// <param name="MinRuns">Fewest inferences of a window.</param>
internal sealed record BenchRules(string Name, int Windows, TimeSpan Window, int MinRuns)
{
    private const int LeastInferences = 10;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);
    private static readonly ProfileSettings Standard = new();

    /// <summary>The rules of <c>profile</c>.</summary>
    public static BenchRules Default { get; } = new("default", Standard.Windows, Standard.Window, Standard.MinRunsPerWindow);

    /// <summary>
    /// In the style of the run rules of MLPerf Tiny (mlcommons/tiny, MLPerf Tiny Inference Rules): single stream, batches of one, five runs
    /// of at least 10 seconds and at least 10 inferences, the median of the five is reported. Each run is a process of its own with
    /// five windows; they are a twentieth longer than two seconds, because only the inferences in them count and not what lies between.
    /// </summary>
    public static BenchRules MlperfTiny { get; } = new("mlperf-tiny", 5, TimeSpan.FromSeconds(2.1), 2) { Runs = 5, IsInStyleOfMlperf = true };

    /// <summary>All rules by name.</summary>
    public static IReadOnlyDictionary<string, BenchRules> All { get; } =
        new[] { Default, MlperfTiny }.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Measurements of each cell. <value>Default: 1.</value></summary>
    public int Runs { get; init; } = 1;

    /// <summary>Whether the median rate of the runs is reported, as MLPerf Tiny does.</summary>
    public bool IsInStyleOfMlperf { get; init; }

    /// <summary>Settings under these rules.</summary>
    /// <param name="maxWarmup">Longest warm-up.</param>
    public ProfileSettings Settings(TimeSpan maxWarmup) =>
        new() { Windows = Windows, Window = Window, MinRunsPerWindow = MinRuns, MaxWarmup = maxWarmup, PerOperator = false };

    /// <summary>The report that stands for all runs: the one whose mean time is the median, with the worst verdict of all.</summary>
    /// <param name="runs">All runs, at least one.</param>
    public static ProfileReport Together(IReadOnlyList<ProfileReport> runs)
    {
        var middle = runs.OrderBy(r => Seconds(r.Latency) / r.Latency.Count).ElementAt(runs.Count / 2);
        return runs.Count == 1
            ? middle
            : middle with { Verdict = new RunVerdict(runs.Max(r => r.Verdict.Validity), [.. runs.SelectMany(r => r.Verdict.Reasons).Distinct()]) };
    }

    /// <summary>Inferences in a second: the median over the runs; null where the rules have no such figure or were not met.</summary>
    /// <param name="runs">All runs.</param>
    public double? PerSecond(IReadOnlyList<ProfileReport> runs) =>
        IsInStyleOfMlperf && Fault(runs) is null && Together(runs).Latency is var middle ? middle.Count / Seconds(middle) : null;

    /// <summary>What of the rules the runs did not meet, or null.</summary>
    /// <param name="runs">All runs.</param>
    public string? Fault(IReadOnlyList<ProfileReport> runs) => IsInStyleOfMlperf switch
    {
        false => null,
        _ when runs.Count != Runs => $"There are {runs.Count} runs; the rules want {Runs}.",
        _ => runs.Select(FaultOf).FirstOrDefault(f => f is not null),
    };

    private static string? FaultOf(ProfileReport run) => run.Latency switch
    {
        { Mean: var mean } when mean <= TimeSpan.Zero => "A run has no mean.",
        { Count: < LeastInferences } few => $"A run has {few.Count} inferences; the rules want {LeastInferences}.",
        { } time when Seconds(time) < LeastTime.TotalSeconds => string.Create(CultureInfo.InvariantCulture,
            $"A run has {time.Count} inferences, which took {Durations.Print(TimeSpan.FromSeconds(Seconds(time)))}; the rules want {Durations.Print(LeastTime)}. The rest of its windows went between the inferences: such a model is too fast to time each of them."),
        _ => null,
    };

    private static double Seconds(LatencyStatistics latency) => latency.Total?.TotalSeconds ?? latency.Count * latency.Mean.TotalSeconds;
}
