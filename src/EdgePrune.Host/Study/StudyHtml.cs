using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// A study as one HTML page that stands alone: the table, accuracy against the rate for each number of epochs, size and time against the
/// rate, and how many epochs the rates need. No script, no request; all text is escaped. Equal studies give equal pages.
/// </summary>
public static class StudyHtml
{
    /// <summary>Renders a study.</summary>
    /// <param name="report">The study.</param>
    /// <returns>The page; write it as UTF-8.</returns>
    public static string Render(StudyReport report) => ReportPage.Render(
        $"study of {report.Model}",
        $"""
        <div class="eyebrow">EdgePrune study of {HtmlText.Escape(report.Model)}</div>
        <h1>{HtmlText.Escape(Heading(report))}</h1>
        <p>{HtmlText.Escape(Made(report))}</p>
        {Table(report)}
        {Epochs(report)}
        {StudyPlots.Render(report)}
        {Notes(report)}
        """);

    private static string Heading(StudyReport report)
    {
        string[] studied = ["pruning", "fine-tuning", .. report.Options.Precisions.Where(p => p != Precision.Float32).Select(p => PrecisionTable.Of(p).Name)];
        return $"What {string.Join(", ", studied[..^1])} and {studied[^1]} cost and bring";
    }

    private static string Made(StudyReport report)
    {
        var (options, seeds) = (report.Options, report.Options.Seeds.Count);
        return $"Score: {report.Metric}. Channels are ranked by {options.Criterion}, weights by magnitude; {(options.Scope == PruningScope.PerLayer ? "every layer loses the same share" : "layers compete")}. "
            + (options.Recipe.Distillation is null ? "Epochs are of fine-tuning, which learns from labels." : "Epochs are of fine-tuning, which learns from the original.")
            + (seeds > 1 ? $" Scores are means over {seeds} seeds with standard deviations." : "");
    }

    private static string Table(StudyReport report) =>
        $"""
        <h2>Table</h2>
        <div class="scroll"><table>
        <thead><tr><th class="t">Model</th><th>Accuracy</th><th>Inference time</th><th>Size in MB</th><th>Compressed</th><th>Non-zero / parameters</th></tr></thead>
        <tbody>
        {string.Join('\n', report.Rows.Select(Row))}
        </tbody></table></div>
        """;

    private static string Row(StudyRow row)
    {
        var name = $"<td class=\"t\">{HtmlText.Escape(row.Name)}</td>";
        var failure = row.Failure is null ? "" : $"<small class=\"bad\">{HtmlText.Escape(StudyWords.Failure(row))}</small>";
        return row.Score is null
            ? $"<tr>{name}<td class=\"t w\" colspan=\"5\">{failure}</td></tr>"
            : $"<tr>{name}<td>{HtmlText.Escape(StudyWords.Score(row))}{failure}</td><td>{Time(row.Time)}</td><td>{StudyWords.Megabytes(row.FileBytes)}</td><td>{StudyWords.Megabytes(row.CompressedBytes)}</td><td>{StudyWords.Counts(row)}</td></tr>";
    }

    private static string Time(StudyTime? time) => time is null
        ? ""
        : $"{Durations.Print(time.P50)}{(time.P95 is { } p95 ? $"<small>95 of 100 within {Durations.Print(p95)}</small>" : "")}{(time.Validity == RunValidity.Valid ? "" : $"<small class=\"warn\">{time.Validity.ToString().ToLowerInvariant()} run</small>")}";

    private static string Epochs(StudyReport report) => report.Epochs.Count == 0
        ? ""
        : $"<h2>How many epochs a rate needs</h2>{string.Concat(report.Epochs.Select(c => $"<ul class=\"plain\">{string.Concat(EpochWords.Lines(c).Select(l => $"<li>{HtmlText.Escape(l)}</li>"))}</ul>"))}";

    private static string Notes(StudyReport report) => report.Notes.Count == 0
        ? ""
        : $"<h2>Notes</h2><ul class=\"plain\">{string.Concat(report.Notes.Select(n => $"<li>{HtmlText.Escape(n)}</li>"))}</ul>";
}
