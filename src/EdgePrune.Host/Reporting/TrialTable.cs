using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>All trials, the original first.</summary>
internal static class TrialTable
{
    private const int ShownWidths = 5;

    public static string Render(TuningReport report) =>
        $"""
        <h2>Trials</h2>
        <div class="scroll"><table>
        <thead><tr><th>#</th><th>Rate</th><th class="t">Precision</th><th class="t">Outcome</th><th>Score</th><th>p50</th><th>p95, bounds</th><th>Memory</th><th>File</th><th>Parameters</th><th>Energy</th><th class="t">Run</th><th class="t">Widths</th></tr></thead>
        <tbody>
        {string.Join('\n', report.Trials.Prepend(report.Original).Select(t => Row(t, t.Index == report.Picked)))}
        </tbody></table></div>{string.Concat(report.LeftOut.Select(l => $"\n<p>{TrialWords.Short(l.Precision)} was left out. {HtmlText.Escape(l.Reason)}</p>"))}
        """;

    private static string Row(Trial trial, bool picked)
    {
        var latency = trial.Profile?.Latency;
        string[] cells =
        [
            $"<td>{trial.Index}</td><td>{HtmlText.Number(trial.Rate, "0.###")}</td><td class=\"t\">{TrialWords.Short(trial.Precision)}</td>",
            $"<td class=\"t w\">{Status(trial, picked)}</td><td>{HtmlText.Number(trial.Score, "0.00")}</td>",
            $"<td>{(latency is null ? "" : Durations.Print(latency.P50.Estimate))}</td><td>{Bounded(latency?.P95)}</td>",
            $"<td>{trial.Profile?.Memory.PeakResident.ToString()}</td><td>{trial.FileSize}</td><td>{HtmlText.Count(trial.Parameters)}</td><td>{Energy(trial.Profile?.Energy)}</td>",
            $"<td class=\"t\">{Run(trial.Profile?.Verdict)}</td><td class=\"t\">{Widths(trial.Widths)}</td>",
        ];
        return $"<tr{(picked ? " class=\"picked\"" : "")}>{string.Concat(cells)}</tr>";
    }

    private static string Status(Trial trial, bool picked)
    {
        var style = trial.Status == TrialStatus.MeetsBudget ? "good" : trial.Status == TrialStatus.FailedOnDevice ? "warn" : "bad";
        return $"<span class=\"{style}\">{TrialWords.Status(trial.Status)}</span>{(picked ? ", <b>picked</b>" : "")}{string.Concat(Reasons(trial).Select(r => $"<small>{HtmlText.Escape(r)}</small>"))}";
    }

    private static string Bounded(BoundedTime? time) => time is null
        ? ""
        : $"{Durations.Print(time.Estimate)}<small>{(time is { Lower: { } low, Upper: { } high } ? $"{Durations.Print(low)} to {Durations.Print(high)}" : "too few runs for bounds")}</small>";

    private static string Energy(EnergyUse? energy) => energy is null
        ? ""
        : $"{(energy.Net ?? energy.Gross)}<small>{(energy.Net is null ? "gross" : "net")}{(energy.Estimated ? ", estimated" : "")}</small>";

    private static string Run(RunVerdict? verdict) => verdict?.Validity switch
    {
        null => "",
        RunValidity.Valid => "valid",
        RunValidity.Suspect => "<span class=\"warn\">suspect</span>",
        _ => "<span class=\"bad\">invalid</span>",
    };

    private static string Widths(IReadOnlyList<GroupWidth> widths) => string.Join(", ", widths.Take(ShownWidths)
        .Select(w => $"<span title=\"{HtmlText.Escape(w.Group)}: {w.Before} before\">{w.After}</span>")
        .Concat(widths.Count > ShownWidths ? [$"and {widths.Count - ShownWidths} more"] : []));

    private static IEnumerable<string> Reasons(Trial trial) => TrialWords.Broken(trial).Concat(trial.Failure is null ? [] : [trial.Failure]);
}
