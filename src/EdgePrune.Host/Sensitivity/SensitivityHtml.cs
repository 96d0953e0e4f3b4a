namespace EdgePrune.Host;

/// <summary>
/// Sensitivity as one HTML page that stands alone: a table of output errors and a plot for each group. No script, no
/// request; all text from the model is escaped. Equal curves give equal pages.
/// </summary>
public static class SensitivityHtml
{
    /// <summary>Renders curves.</summary>
    /// <param name="curves">The curves.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(SensitivityCurves curves) => ReportPage.Render(
        $"sensitivity of {curves.Model}",
        $"""
        <div class="eyebrow">EdgePrune sensitivity of {HtmlText.Escape(curves.Model)}</div>
        <h1>What the model loses when one group alone is pruned and repaired</h1>
        <p>{HtmlText.Escape(curves.Metric)}: {HtmlText.Number(curves.OriginalScore)} for the original. Channels are ranked by {HtmlText.Escape(curves.Criterion)}; each point rests on {curves.Samples} samples.</p>
        <h2>Output error</h2>
        <p>Squared difference of the outputs over the squares of the original's, after monotone regression; the most sensitive group first.</p>
        {Table(curves)}
        <h2>Score</h2>
        <div class="figures">
        {string.Join('\n', curves.Groups.Select(g => Plot(curves, g)))}
        </div>
        """);

    private static string Table(SensitivityCurves curves)
    {
        var points = curves.Groups.Max(g => (int?)g.Points.Count) ?? 0;
        var rows = curves.Groups.OrderByDescending(g => g.Points.Count > 0 ? g.Points[^1].FittedError : 0).Select(g =>
            $"""<tr><td class="t">{HtmlText.Escape(g.Group)}</td><td>{g.Channels}</td>{string.Concat(g.Points.Select(p => $"<td>{HtmlText.Number(p.FittedError, "0.####")}<small>-{p.Removed}</small></td>"))}</tr>""");
        return $"""
            <div class="scroll"><table><thead><tr><th class="t">Group</th><th>Channels</th><th class="t" colspan="{Math.Max(1, points)}">Error when this many channels go</th></tr></thead>
            <tbody>{string.Join('\n', rows)}</tbody></table></div>
            """;
    }

    private static string Plot(SensitivityCurves curves, GroupSensitivity group)
    {
        var lowest = Math.Min(curves.OriginalScore, curves.Groups.SelectMany(g => g.Points).Min(p => (double?)p.Score) ?? 0);
        var plot = new SvgPlot(
            new PlotAxis("share of the group's channels removed", 0, 1),
            new PlotAxis("score", lowest, Math.Max(curves.OriginalScore, lowest + 1)),
            [
                new PlotSeries("measured", "s1", [.. group.Points.Select(p => Point(p, p.Score))], Joined: false),
                new PlotSeries("monotone", "s2", [.. group.Points.Select(p => Point(p, p.FittedScore))]),
            ],
            [new PlotLine($"original, {HtmlText.Number(curves.OriginalScore)}", "reference", curves.OriginalScore)]);
        return plot.Render(group.Group, $"{group.Channels} channels.");
    }

    private static PlotPoint Point(SensitivityPoint point, double score) =>
        new(point.Rate, score, null, null, $"{point.Removed} channels removed: {HtmlText.Number(score)}, output error {HtmlText.Number(point.Error, "0.####")}");
}
