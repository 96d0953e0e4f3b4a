using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>A profile report for people.</summary>
internal static class ProfileView
{
    private const int SlowestOperators = 10;
    private const int FingerprintDigits = 12;

    public static void Print(Screen screen, ProfileReport report)
    {
        screen.Show(Figures(report));
        if (report.Operators.Count > 0)
        {
            screen.Say();
            screen.Show(Operators(report));
            if (report.OperatorPeak is { } peak)
            {
                screen.Say();
                screen.Say($"Most activations live at one time: {peak.Live}, while '{peak.Node}' runs.");
            }
        }

        PrintVerdict(screen, report.Verdict);
    }

    /// <summary>Whether a run can be trusted, and why not.</summary>
    public static void PrintVerdict(Screen screen, RunVerdict verdict)
    {
        screen.Say();
        screen.Say($"The run is {verdict.Validity.ToString().ToLowerInvariant()}.");
        foreach (var reason in verdict.Reasons)
        {
            screen.Say($"  {reason}");
        }
    }

    /// <summary>The beginning of a fingerprint: enough to see whether two are the same.</summary>
    public static string Short(string fingerprint) => fingerprint[..Math.Min(FingerprintDigits, fingerprint.Length)];

    /// <summary>A time with its bounds.</summary>
    /// <param name="time">The time, or null when there were too few runs.</param>
    public static string Bounded(BoundedTime? time) => time switch
    {
        null => "too few runs",
        { Lower: { } lower, Upper: { } upper } => $"{Durations.Print(time.Estimate)} ({Durations.Print(lower)} to {Durations.Print(upper)})",
        { Upper: { } upper } => $"{Durations.Print(time.Estimate)} (at most {Durations.Print(upper)})",
        _ => $"{Durations.Print(time.Estimate)} (unbounded)",
    };

    /// <summary>Net energy, and whether it is an estimate.</summary>
    public static string NetEnergy(EnergyUse? energy) => $"{energy?.Net?.ToString() ?? "unknown"}{(energy is { Net: not null, Estimated: true } ? ", estimated" : "")}";

    private static Table Figures(ProfileReport report)
    {
        var table = new Table().AddColumns("Figure", "Value");
        Row(table, "latency p50", Bounded(report.Latency.P50));
        Row(table, "latency p95", Bounded(report.Latency.P95));
        Row(table, "latency p99", Bounded(report.Latency.P99));
        Row(table, "cold start", $"{Durations.Print(report.Cold.SessionCreation)} to load, {Durations.Print(report.Cold.FirstRun)} for the first inference{(report.Cold.ProcessToSession is { } start ? $", {Durations.Print(start)} from process start to session" : "")}");
        Row(table, "warm-up", $"{report.Warmup.Runs} inferences in {Durations.Print(report.Warmup.Duration)}{(report.Warmup.SteadyState ? "" : ", no steady state")}");
        Row(table, "inferences", string.Create(CultureInfo.InvariantCulture, $"{report.Latency.Count}{(report.Latency.EveryNth is { } nth ? $", percentiles of every {nth}th" : "")}"));
        Row(table, "peak memory", $"{report.Memory.PeakResident} ({report.Memory.Anonymous} anonymous)");
        foreach (var predicted in report.PredictedMemory)
        {
            Row(table, $"predicted, {predicted.Architecture}", $"{predicted.Peak}{Difference(predicted, report)}");
        }

        Row(table, "file", report.FileSize.ToString());
        Row(table, "energy", Energy(report.Energy));
        if (report.Throughput is { } throughput)
        {
            Row(table, "throughput", string.Create(CultureInfo.InvariantCulture, $"{throughput.PerSecond:0.#} a second ({throughput.Lowest:0.#} to {throughput.Highest:0.#}) from {throughput.Streams} callers"));
        }

        if (report.Conditions.RunQueuePercent is { } waited)
        {
            Row(table, "waiting", $"{Percent(waited)} of the windows for a processor{(report.Conditions.CpuStallPercent is { } stall ? $"; any task of the machine {Percent(stall)}" : "")}");
        }

        Row(table, "fingerprint", Short(report.Conditions.Fingerprint));
        return table;
    }

    private static Table Operators(ProfileReport report)
    {
        var table = new Table().AddColumns("Operator", "Type", "Mean", "Share", "Live");
        foreach (var time in report.Operators.OrderByDescending(o => o.Mean).Take(SlowestOperators))
        {
            table.AddRow(Markup.Escape(time.Node), Markup.Escape(time.OperatorType), Durations.Print(time.Mean), string.Create(CultureInfo.InvariantCulture, $"{100 * time.Share:0.0} %"), time.Memory?.Live?.ToString() ?? "unknown");
        }

        return table;
    }

    private static string Energy(EnergyUse? energy) => energy is null
        ? "no source"
        : $"{energy.Net?.ToString() ?? "unknown"} net, {energy.Gross} gross ({energy.Source}{(energy.Estimated && energy.Source != TargetEnergy.Source ? ", estimated" : "")})";

    // Only the first is of the machine that measured; another processor's cannot be held against its figure.
    private static string Difference(MemoryPrediction predicted, ProfileReport report) => ReferenceEquals(predicted, report.PredictedMemory[0]) && report.Memory.PeakResident.Bytes > 0
        ? string.Create(CultureInfo.InvariantCulture, $" ({100.0 * (predicted.Peak.Bytes - report.Memory.PeakResident.Bytes) / report.Memory.PeakResident.Bytes:+0.0;-0.0} % from the measured peak)")
        : "";

    private static string Percent(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:0.#} %");

    private static void Row(Table table, string name, string value) => table.AddRow(name, Markup.Escape(value));
}
