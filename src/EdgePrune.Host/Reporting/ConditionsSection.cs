using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Under what conditions the numbers came about, what cannot be pruned, and how to get them again.</summary>
internal static class ConditionsSection
{
    public static string Render(TuningReport report) => Conditions(report) + Verdicts(report) + Pins(report) + Reproduce(report);

    private static string Conditions(TuningReport report)
    {
        if ((report.PickedTrial?.Profile ?? report.Original.Profile) is not { } profile)
        {
            return "";
        }

        var c = profile.Conditions;
        return "<h2>Conditions</h2>" + Facts(
        [
            ("Machine", c.Machine),
            ("Processor", c.Processor is null ? null : $"{c.Processor}, {c.Processors} logical"),
            ("System", c.System),
            ("ONNX Runtime", c.OnnxRuntimeVersion),
            ("Threads", $"{profile.Settings.Threads}{(profile.Settings.Spinning ? ", spinning" : "")}"),
            ("Governor", c.Governor),
            ("Clock", Range(c.ClockMhz, "MHz")),
            ("Temperature", Range(c.TemperatureCelsius, "\u00b0C")),
            ("Throttling", c.Throttling is { } t ? (t.Count == 0 ? "none" : string.Join(", ", t)) : null),
            ("Waiting for a processor", Waiting(c)),
            ("Warm-up", $"{profile.Warmup.Runs} runs in {Durations.Print(profile.Warmup.Duration)}, {(profile.Warmup.SteadyState ? "steady" : "still drifting")}"),
            ("Measured", $"{profile.Latency.Count} runs in {profile.Windows.Count} windows{(profile.Latency.EveryNth is { } nth ? $", percentiles of every {nth}th" : "")}, worth {HtmlText.Number(profile.Latency.EffectiveCount, "0")} independent ones"),
            ("First start", $"{Durations.Print(profile.Cold.SessionCreation)} to load, {Durations.Print(profile.Cold.FirstRun)} for the first inference"),
            ("Energy source", profile.Energy is { } e ? $"{e.Source}{(e.Estimated ? " (an estimate)" : "")}, {HtmlText.Number(100 * e.Coverage, "0")} % of the time covered" : null),
        ]);
    }

    private static string Verdicts(TuningReport report)
    {
        var doubtful = report.Trials.Prepend(report.Original).Where(t => t.Profile is { Verdict.Validity: not RunValidity.Valid }).ToList();
        var measured = report.Trials.Prepend(report.Original).Count(t => t.Profile is not null);
        return "<h2>Can the numbers be trusted?</h2>" + (doubtful.Count == 0
            ? $"<p>All {measured} measured runs are valid: nothing disturbed them.</p>"
            : $"<ul class=\"plain\">{string.Concat(doubtful.Select(t => $"<li>Trial {t.Index} ({TrialWords.Name(t)}) is {t.Profile!.Verdict.Validity.ToString().ToLowerInvariant()}: {HtmlText.Escape(string.Join(" ", t.Profile.Verdict.Reasons))}</li>"))}</ul>");
    }

    private static string Pins(TuningReport report) => report.Pins.Count == 0
        ? ""
        : $"<h2>What cannot be pruned, and why</h2><ul class=\"plain\">{string.Concat(report.Pins.Select(p => $"<li>{HtmlText.Escape(p)}</li>"))}</ul>";

    private static string Reproduce(TuningReport report) =>
        "<h2>How to get the same again</h2>"
        + $"<pre><code>{HtmlText.Escape($"edgeprune tune {Quote(report.Model + ".onnx")} --target {Quote(report.Target)} --budget \"{BudgetText.Print(report.Budget)}\" --seed {report.Seed}")}</code></pre>"
        + "<p>Candidates are byte for byte the same for the same model, samples, options and seed; measured times are the same within their bounds on a device with the same fingerprint.</p>"
        + Facts(
        [
            ("Original", report.Original.ModelSha256),
            ("Picked", report.PickedTrial?.ModelSha256),
            ("Device", $"{report.DeviceName} ({report.Target})"),
            ("Fingerprint", (report.PickedTrial?.Profile ?? report.Original.Profile)?.Conditions.Fingerprint),
            ("Measured at", (report.PickedTrial?.Profile ?? report.Original.Profile)?.StartedAt.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture)),
            ("Search", $"{report.Trials.Count} candidates, {report.DeviceRuns} runs on the device, {Durations.Print(TimeSpan.FromSeconds(Math.Clamp(report.Seconds, 0, 1e9)))}"),
        ]);

    private static string Facts(IEnumerable<(string Name, string? Value)> facts) =>
        $"<dl class=\"facts\">{string.Concat(facts.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => $"<dt>{f.Name}</dt><dd>{HtmlText.Escape(f.Value!)}</dd>"))}</dl>";

    // What the measuring threads lost is what the verdict rests on; where the kernel does not count it, the stalls of the whole machine are, and it says so.
    private static string? Waiting(RunConditions conditions) => conditions switch
    {
        { RunQueuePercent: { } waited, CpuStallPercent: { } stall } => $"{Percent(waited)} of the windows; any task of the machine {Percent(stall)}",
        { RunQueuePercent: { } waited } => $"{Percent(waited)} of the windows",
        { CpuStallPercent: { } stall } => $"any task of the machine {Percent(stall)} of the windows",
        _ => Range(conditions.CpuPressurePercent, "%") is { } mean ? $"any task of the machine {mean}, means of 10 s" : null,
    };

    private static string Percent(double percent) => $"{HtmlText.Number(percent, "0.#")} %";

    private static string? Range(IReadOnlyList<double>? values, string unit) => values switch
    {
        null or [] => null,
        [var one] => $"{HtmlText.Number(one, "0.#")} {unit}",
        [var before, .., var after] => $"{HtmlText.Number(before, "0.#")} {unit} before, {HtmlText.Number(after, "0.#")} {unit} after",
    };

    // Model names come from files of others: one that a shell would read otherwise is quoted for it.
    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
