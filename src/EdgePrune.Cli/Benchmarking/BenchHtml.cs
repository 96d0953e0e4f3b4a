using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>A bench as one HTML page that stands alone. No script, no request; all text is escaped. Equal benches give equal pages.</summary>
internal static class BenchHtml
{
    private const string Columns = "<th class=\"t\">Model</th><th class=\"t\">Settings</th><th class=\"t\">Place</th><th>p50</th><th>p90</th><th>p95</th><th>p99</th><th>Peak memory</th><th>Energy</th><th>File</th><th class=\"t\">Run</th><th class=\"t\">Ratio to the first</th>";

    /// <summary>Renders a bench.</summary>
    /// <param name="report">The bench.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(BenchReport report) => ReportPage.Render(
        $"bench of {report.Rows.Select(r => r.Model).Distinct().Count()} models",
        $"""
        <div class="eyebrow">EdgePrune bench, rules {HtmlText.Escape(report.Rules)}</div>
        <h1>Models side by side</h1>
        <p>Times are with their confidence bounds. The ratio is of medians, to {HtmlText.Escape(report.Reference)} at the same settings and place; below 1 is faster. Its interval holds when both medians' bounds do.</p>
        {Rules(report)}
        <h2>Table</h2>
        <div class="scroll"><table>
        <thead><tr>{Columns}{(HasRate(report) ? "<th class=\"t\">By the rules</th>" : "")}</tr></thead>
        <tbody>
        {string.Join('\n', report.Rows.Select(r => Row(r, HasRate(report))))}
        </tbody></table></div>
        {BenchPlots.Render(report)}
        {Notes(report)}
        """);

    private static bool HasRate(BenchReport report) => report.Rules == BenchRules.MlperfTiny.Name;

    private static string Rules(BenchReport report) => HasRate(report)
        ? "<p>In the style of MLPerf Tiny's run rules: single stream, batches of one, five runs of at least 10 seconds and 10 inferences, each in a process of its own; the figure by the rules is the median of the five rates, and the other figures are of the run in the middle. This is no official MLPerf result: the models, the accuracy run, the runner and the review are missing.</p>"
        : "";

    private static string Row(BenchRow row, bool hasRate)
    {
        var head = Text(row.Model) + Text(BenchWords.Settings(row.Settings)) + Text(row.Place);
        return row.Report is { } report
            ? $"<tr>{head}{Figures(report)}{Text(BenchWords.Ratio(row))}{(hasRate ? Text(BenchWords.Rate(row)) : "")}</tr>"
            : $"<tr>{head}<td class=\"t w\" colspan=\"{(hasRate ? 10 : 9)}\"><small class=\"bad\">{HtmlText.Escape(row.Error ?? "")}</small></td></tr>";
    }

    private static string Figures(ProfileReport report)
    {
        var latency = report.Latency;
        var style = report.Verdict.Validity switch { RunValidity.Valid => "good", RunValidity.Suspect => "warn", _ => "bad" };
        string[] figures =
        [
            BenchWords.Bounded(latency.P50), BenchWords.Bounded(latency.P90), BenchWords.Bounded(latency.P95), BenchWords.Bounded(latency.P99),
            report.Memory.PeakResident.ToString(), BenchWords.Energy(report.Energy), report.FileSize.ToString(),
        ];
        return string.Concat(figures.Select(f => $"<td>{HtmlText.Escape(f)}</td>"))
            + $"<td class=\"t w\"><span class=\"{style}\">{BenchWords.Verdict(report.Verdict)}</span><small>{HtmlText.Escape(string.Join(' ', report.Verdict.Reasons))}</small></td>";
    }

    private static string Text(string text) => $"<td class=\"t\">{HtmlText.Escape(text)}</td>";

    private static string Notes(BenchReport report) => report.Notes.Count == 0
        ? ""
        : $"<h2>Notes</h2><ul class=\"plain\">{string.Concat(report.Notes.Select(n => $"<li>{HtmlText.Escape(n)}</li>"))}</ul>";
}
