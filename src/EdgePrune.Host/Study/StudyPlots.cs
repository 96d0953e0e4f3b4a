using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The figures of a study: accuracy for each number of epochs, size and time, all against the rate.</summary>
internal static class StudyPlots
{
    private const int Styles = 6;

    // What is further below the original than this becomes an arrow, so that it does not flatten all others.
    private const double AxisReach = 25;

    public static string Render(StudyReport report)
    {
        var pruned = report.Rows.Where(r => r is { Score: not null, Method: not StudyMethod.Original }).ToList();
        return pruned.Count == 0
            ? ""
            : $"""
            <h2>Figures</h2>
            <div class="figures">
            {string.Join('\n', pruned.GroupBy(r => (r.Method, r.Precision)).OrderBy(g => g.Key.Precision).Select(g => Accuracy(report, g.Key.Precision, [.. g])))}
            {string.Join('\n', Legible(pruned).Select(r => Sizes(report, r)))}
            {string.Join('\n', Legible(pruned).Select(r => Times(report, r)))}
            </div>
            """;
    }

    private static string Accuracy(StudyReport report, Precision precision, IReadOnlyList<StudyRow> rows)
    {
        var original = Original(report, precision);
        var scores = rows.Select(r => r.Score!.Value).Append(original?.Score ?? 0).Where((_, i) => i < rows.Count || original?.Score is not null).ToList();
        var axis = new PlotAxis("accuracy", Math.Max(scores.Min(), scores.Max() - AxisReach), scores.Max());
        var series = rows.GroupBy(r => r.Epochs).OrderBy(g => g.Key).Select((g, i) => new PlotSeries(
            g.Key == 0 ? "untrained" : StudyCase.Word(g.Key),
            Style(i),
            [.. g.OrderBy(r => r.Rate).Select(r => new PlotPoint(r.Rate, r.Score!.Value, r.Score - r.ScoreDeviation, r.Score + r.ScoreDeviation, $"{r.Name}: {StudyWords.Score(r)}"))]));
        return new SvgPlot(Rates(report), axis, [.. series], Reference(original?.Score, HtmlText.Number(original?.Score ?? 0, "0.00")))
            .Render($"Accuracy against the pruning rate: {Name(rows[0].Method, precision)}.", Note(report, scores.Min() < axis.Low));
    }

    private static string Sizes(StudyReport report, IReadOnlyList<StudyRow> rows)
    {
        var original = Original(report, Precision.Float32)?.FileBytes / 1e6;
        return new SvgPlot(Rates(report), new PlotAxis("file (MB)", 0, rows.Max(r => r.FileBytes!.Value / 1e6)), [.. Series(rows, r => r.FileBytes / 1e6, r => $"{StudyWords.Megabytes(r.FileBytes)} MB")],
            Reference(original, original is null ? "" : $"{HtmlText.Number(original.Value, "0.###")} MB")).Render($"Size against the pruning rate{Of(rows)}.", "Zeros take as much room in a file as any number; the table has compressed sizes.");
    }

    private static string Times(StudyReport report, IReadOnlyList<StudyRow> rows)
    {
        var original = Original(report, Precision.Float32)?.Time;
        var longest = rows.Select(r => r.Time).Append(original).OfType<StudyTime>().Select(t => t.P50.TotalSeconds).DefaultIfEmpty(0).Max();
        var (factor, unit) = longest switch { < 1e-3 => (1e6, "us"), < 1 => (1e3, "ms"), _ => (1.0, "s") };
        return longest == 0
            ? ""
            : new SvgPlot(Rates(report), new PlotAxis($"median time ({unit})", 0, longest * factor), [.. Series(rows, r => r.Time?.P50.TotalSeconds * factor, r => Durations.Print(r.Time!.P50))],
                Reference(original?.P50.TotalSeconds * factor, original is null ? "" : Durations.Print(original.P50))).Render($"Inference time against the pruning rate{Of(rows)}.", "Training changes no shape, so one time holds for all epochs.");
    }

    // Lines are told apart by their style: where there are more than styles, each method has a figure of its own.
    private static IEnumerable<IReadOnlyList<StudyRow>> Legible(IReadOnlyList<StudyRow> rows) =>
        rows.DistinctBy(r => (r.Method, r.Precision)).Count() <= Styles ? [rows] : rows.GroupBy(r => r.Method).Select(g => g.ToList());

    private static string Of(IReadOnlyList<StudyRow> rows) => rows.All(r => r.Method == rows[0].Method) ? $": {StudyCase.Word(rows[0].Method)}" : "";

    private static string Name(StudyMethod method, Precision precision) =>
        StudyCase.Word(method) + (precision == Precision.Float32 ? "" : $", {PrecisionTable.Of(precision).Name}");

    // Neither size nor time depends on training, so the untrained models stand for all.
    private static IEnumerable<PlotSeries> Series(IReadOnlyList<StudyRow> rows, Func<StudyRow, double?> figure, Func<StudyRow, string> text) =>
        rows.GroupBy(r => (r.Method, r.Precision)).Select((g, i) => new PlotSeries(
            Name(g.Key.Method, g.Key.Precision),
            Style(i),
            [.. g.GroupBy(r => r.Rate).Select(r => r.MinBy(x => x.Epochs)!).Where(r => figure(r) is not null).OrderBy(r => r.Rate).Select(r => new PlotPoint(r.Rate, figure(r)!.Value, null, null, $"{r.Name}: {text(r)}"))]));

    private static IReadOnlyList<PlotLine> Reference(double? value, string text) => value is { } y ? [new PlotLine($"original, {text}", "reference", y)] : [];

    private static StudyRow? Original(StudyReport report, Precision precision) =>
        report.Rows.FirstOrDefault(r => r.Method == StudyMethod.Original && r.Precision == precision && r.Score is not null);

    private static PlotAxis Rates(StudyReport report) => new("pruning rate", 0, report.Options.Rates.Max());

    private static string Note(StudyReport report, bool hasArrows) => string.Join(' ', new[]
    {
        report.Options.Seeds.Count > 1 ? "Bars are standard deviations over seeds." : "",
        hasArrows ? "Arrows are points below the axis." : "",
    }.Where(s => s.Length > 0));

    private static string Style(int index) => $"s{(index % Styles) + 1}";
}
