using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Words and figures of trials, the same everywhere in a report.</summary>
internal static class TrialWords
{
    public static string Name(Trial trial) => trial.Index == 0 ? "original" : $"{HtmlText.Number(trial.Rate, "0.###")} {Short(trial.Precision)}";

    public static string Short(Precision precision) => PrecisionTable.Of(precision).Name;

    public static string Style(Trial trial) => trial.Index == 0 ? "s3" : PrecisionTable.Of(trial.Precision).Style;

    /// <summary>The precisions of a report's trials, the original's first.</summary>
    public static IReadOnlyList<PrecisionForm> Precisions(TuningReport report) =>
        [.. report.Trials.Prepend(report.Original).Select(t => t.Precision).Distinct().Order().Select(PrecisionTable.Of)];

    /// <summary>Name of a limit, as <c>95th percentile of latency</c>.</summary>
    public static string Limit(string name) => name switch
    {
        "latencyP95" => "latency (95th percentile)",
        "peakMemory" => "peak memory",
        "fileSize" => "file size",
        "energyPerInference" => "energy per inference",
        "accuracyLoss" => "accuracy loss",
        _ => name,
    };

    /// <summary>A figure in the unit of its check.</summary>
    public static string Figure(double value, string unit) => unit switch
    {
        "s" => double.IsFinite(value) && Math.Abs(value) < 1e9 ? Durations.Print(TimeSpan.FromSeconds(value)) : "unbounded",
        "B" => double.IsFinite(value) && Math.Abs(value) < 1e18 ? new ByteSize((long)value).ToString() : "unbounded",
        "J" => new Energy(value).ToString(),
        _ => $"{HtmlText.Number(value)} {unit}",
    };

    /// <summary>What breaks the budget, such as <c>latency (95th percentile) 12 ms, limit 10 ms</c>.</summary>
    public static IEnumerable<string> Broken(Trial trial) => trial.Checks.Where(c => !c.Met).Select(c => (c.UpperBound, c.Estimate) switch
    {
        ({ } upper, _) => $"{Limit(c.Name)}: up to {Figure(upper, c.Unit)}, limit {Figure(c.Limit, c.Unit)}",
        (_, { } estimate) => $"{Limit(c.Name)}: {Figure(estimate, c.Unit)} without an upper bound, limit {Figure(c.Limit, c.Unit)}",
        _ => $"{Limit(c.Name)}: not measured, limit {Figure(c.Limit, c.Unit)}",
    });

    public static string Status(TrialStatus status) => status switch
    {
        TrialStatus.MeetsBudget => "meets the budget",
        TrialStatus.BreaksBudget => "breaks the budget",
        TrialStatus.RefusedByHost => "not sent",
        _ => "failed on the device",
    };

    public static double? Limit(TuningReport report, string check) =>
        report.Trials.Append(report.Original).SelectMany(t => t.Checks).FirstOrDefault(c => c.Name == check)?.Limit;
}
