using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The head of a report: what came out, in plain words, and the figures before and after.</summary>
internal static class VerdictSection
{
    public static string Render(TuningReport report) =>
        $"""
        <section class="verdict {Style(report)}">
        <h1>{HtmlText.Escape(Headline(report))}</h1>
        {string.Concat(Sentences(report).Select(s => $"<p>{HtmlText.Escape(s)}</p>"))}
        </section>
        {(report.PickedTrial is { } picked ? Tiles(report, picked) : "")}
        """;

    public static string Headline(TuningReport report) => (report.Outcome, report.PickedTrial) switch
    {
        (TuningOutcome.Converged, { } picked) => $"Removing {Percent(picked.Rate)} of the channels{In(picked)} meets the budget.",
        (TuningOutcome.Converged, null) => "The original model meets the budget as it is.",
        (TuningOutcome.OutOfRuns, { Status: TrialStatus.MeetsBudget } picked) => $"Removing {Percent(picked.Rate)} of the channels{In(picked)} meets the budget, but the search was cut short.",
        (TuningOutcome.OutOfRuns, _) => "The device runs were used up before a candidate met the budget.",
        (_, { } picked) => $"No candidate meets the budget; the nearest miss removes {Percent(picked.Rate)} of the channels{In(picked, "stores")}.",
        _ => "No candidate meets the budget.",
    };

    private static IEnumerable<string> Sentences(TuningReport report)
    {
        if (report.PickedTrial is not { } picked)
        {
            yield return $"{report.Trials.Count} candidates were tried in {report.DeviceRuns} runs on {report.DeviceName}.";
            yield break;
        }

        var loss = report.Original.Score - picked.Score;
        yield return $"{report.Metric}: {HtmlText.Number(picked.Score)} against {HtmlText.Number(report.Original.Score)} before, {(loss > 0 ? $"{HtmlText.Number(loss)} points lost" : "nothing lost")}; {HtmlText.Number(report.Budget.MaxAccuracyLoss)} may be lost.";
        if (picked.Profile?.Latency.P95 is { } p95)
        {
            yield return $"On {report.DeviceName}, 95 of 100 inferences take at most {Durations.Print(p95.Estimate)}{(p95.Upper is { } upper ? $"; with {HtmlText.Number(100 * picked.Profile.Settings.Confidence)} % confidence no more than {Durations.Print(upper)}" : "")}.";
        }

        foreach (var broken in TrialWords.Broken(picked))
        {
            yield return $"It breaks a limit. {Capital(broken)}.";
        }

        foreach (var doubt in Doubts(report, picked))
        {
            yield return doubt;
        }
    }

    private static IEnumerable<string> Doubts(TuningReport report, Trial picked) =>
        new[] { ("original", report.Original), ("picked", picked) }
            .Where(p => p.Item2.Profile is { Verdict.Validity: not RunValidity.Valid })
            .Select(p => $"The measurement of the {p.Item1} model is {p.Item2.Profile!.Verdict.Validity.ToString().ToLowerInvariant()}: {string.Join(" ", p.Item2.Profile.Verdict.Reasons)}");

    private static string Tiles(TuningReport report, Trial picked)
    {
        var (before, after) = (report.Original, picked);
        var (fast, slow) = (after.Profile?.Latency.P95, before.Profile?.Latency.P95);
        var (small, large) = (after.Profile?.Memory.PeakResident, before.Profile?.Memory.PeakResident);
        string[] tiles =
        [
            Tile("Latency, 95th percentile", fast is null ? null : Durations.Print(fast.Estimate), slow is null ? null : Durations.Print(slow.Estimate), HtmlText.Change(slow?.Estimate.TotalSeconds ?? 0, fast?.Estimate.TotalSeconds ?? 0)),
            Tile("File size", after.FileSize.ToString(), before.FileSize.ToString(), HtmlText.Change(before.FileSize.Bytes, after.FileSize.Bytes)),
            Tile("Peak memory", small?.ToString(), large?.ToString(), HtmlText.Change(large?.Bytes ?? 0, small?.Bytes ?? 0)),
            Tile("Parameters", HtmlText.Count(after.Parameters), HtmlText.Count(before.Parameters), HtmlText.Change(before.Parameters, after.Parameters)),
            Tile("Multiply-accumulates", HtmlText.Count(after.Macs), HtmlText.Count(before.Macs), HtmlText.Change(before.Macs, after.Macs)),
            Tile("Score", HtmlText.Number(after.Score), HtmlText.Number(before.Score), $"{HtmlText.Number(after.Score - before.Score, "+0.##;-0.##;0")} points"),
        ];
        return $"""<dl class="tiles">{string.Concat(tiles)}</dl>""";
    }

    private static string Tile(string name, string? now, string? was, string change) =>
        now is null ? "" : $"""<div class="tile"><dt>{name}</dt><dd class="now">{HtmlText.Escape(now)}</dd><dd class="was">{(was is null ? "" : $"was {HtmlText.Escape(was)}{(change.Length == 0 ? "" : $", {change}")}")}</dd></div>""";

    private static string Style(TuningReport report) => report.Outcome switch
    {
        TuningOutcome.Converged => report.PickedTrial is { } picked && Doubts(report, picked).Any() ? "warn" : "good",
        TuningOutcome.OutOfRuns => "warn",
        _ => "bad",
    };

    private static string In(Trial trial, string verb = "storing") => trial.Precision == Precision.Float32 ? "" : $" and {verb} the rest in {PrecisionTable.Of(trial.Precision).StoredIn}";

    private static string Percent(double rate) => $"{HtmlText.Number(100 * rate, "0.#")} %";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
