namespace EdgePrune.Host;

/// <summary>
/// A tuning report as one HTML page that stands alone: no script, no request, plots as inline SVG, light or dark by the
/// reader's preference. All text from models and devices is escaped. Equal reports give equal pages.
/// </summary>
public static class TuningReportHtml
{
    /// <summary>Renders a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(TuningReport report) => ReportPage.Render(
        $"{report.Model} on {report.DeviceName}",
        $"""
        <div class="eyebrow">EdgePrune tuning report: {HtmlText.Escape(report.Model)} on {HtmlText.Escape(report.DeviceName)} ({HtmlText.Escape(report.Target)})</div>
        {VerdictSection.Render(report)}
        {TrialPlots.Render(report)}
        {TrialTable.Render(report)}
        {ConditionsSection.Render(report)}
        """);
}
