using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Kept measurements as one HTML page that stands alone. No script, no request; all text is escaped. Equal histories give equal pages.</summary>
internal static class HistoryHtml
{
    private const string Columns = "<th class=\"t\">Id</th><th class=\"t\">Measured (UTC)</th><th class=\"t\">Device</th><th class=\"t\">Model</th><th class=\"t\">Settings</th><th>p50</th><th>p95</th><th class=\"t\">Run</th>";

    /// <summary>Renders measurements.</summary>
    /// <param name="runs">The newest first.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(IReadOnlyList<RunSummary> runs) => ReportPage.Render(
        $"history of {runs.Count} measurements",
        $"""
        <div class="eyebrow">EdgePrune history</div>
        <h1>Median latency over time</h1>
        <p>A figure for each model on each device, with the bounds of every median. What stands beside each other compares only where machine, system, runtime and settings are the same: 'edgeprune history compare' says so of two.</p>
        <div class="figures">{string.Join('\n', Figures(runs))}</div>
        <h2>Table</h2>
        <div class="scroll"><table>
        <thead><tr>{Columns}</tr></thead>
        <tbody>
        {string.Join('\n', runs.Select(Row))}
        </tbody></table></div>
        """);

    // By the name, which stays while the bytes of a model change; what has none goes by its digest.
    private static IEnumerable<string> Figures(IReadOnlyList<RunSummary> runs) => runs
        .GroupBy(r => (Model: r.ModelName ?? ProfileView.Short(r.ModelSha256), r.Device))
        .OrderBy(g => g.Key.Model, StringComparer.Ordinal).ThenBy(g => g.Key.Device, StringComparer.Ordinal)
        .Select(g => HistoryPlot.Render(g.Key.Model, g.Key.Device, [.. g.OrderBy(r => r.StartedAt)]));

    private static string Row(RunSummary run)
    {
        string[] texts = [RunFinder.Short(run.Id), HistoryView.Moment(run.StartedAt), run.Device, HistoryView.ModelOf(run), BenchWords.Settings(run.Settings)];
        var style = run.Validity switch { RunValidity.Valid => "good", RunValidity.Suspect => "warn", _ => "bad" };
        return $"<tr>{string.Concat(texts.Select(t => $"<td class=\"t\">{HtmlText.Escape(t)}</td>"))}"
            + $"<td>{HtmlText.Escape(BenchWords.Bounded(run.P50))}</td><td>{HtmlText.Escape(BenchWords.Bounded(run.P95))}</td>"
            + $"<td class=\"t\"><span class=\"{style}\">{run.Validity.ToString().ToLowerInvariant()}</span></td></tr>";
    }
}
