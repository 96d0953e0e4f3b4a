using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>The figures of a report: accuracy and latency against the rate, sizes against the budget.</summary>
internal static class TrialPlots
{
    // How many times the allowed loss the accuracy axis reaches below the original; what is lower becomes an arrow.
    private const double AxisReach = 6;

    public static string Render(TuningReport report) =>
        $"""
        <h2>Figures</h2>
        <div class="figures">
        {Accuracy(report)}
        {Latency(report)}
        {FileSize(report)}
        {Memory(report)}
        {OperatorPlot.Render(report)}
        </div>
        """;

    private static string Accuracy(TuningReport report)
    {
        var original = report.Original.Score;
        var allowed = original - report.Budget.MaxAccuracyLoss;
        var scores = report.Trials.Select(t => t.Score).Append(original).Append(allowed).ToList();
        var reach = original - Math.Max(1, AxisReach * report.Budget.MaxAccuracyLoss);
        var axis = new PlotAxis(Axis(report.Metric), Math.Max(scores.Min(), reach), scores.Max());
        var plot = new SvgPlot(Rates(report), axis, [.. Series(report, t => new PlotPoint(t.Rate, t.Score, LowestScore(report, t), t.Score, Title(t, HtmlText.Number(t.Score)), t.Index == report.Picked))],
            [new PlotLine($"original, {HtmlText.Number(original)}", "reference", original), new PlotLine($"lowest allowed, {HtmlText.Number(allowed)}", "limit", allowed)]);
        return plot.Render("Score against rate.", $"Bars reach down to the lowest score that the number of samples leaves likely.{(scores.Min() < axis.Low ? " Arrows are points below the axis." : "")}");
    }

    private static string Latency(TuningReport report)
    {
        var measured = report.Trials.Append(report.Original).Select(t => t.Profile?.Latency.P95).OfType<BoundedTime>().ToList();
        if (measured.Count == 0)
        {
            return "<figure><figcaption><b>Latency against rate.</b> Nothing was measured on the device.</figcaption></figure>";
        }

        var limit = TrialWords.Limit(report, "latencyP95");
        var highest = measured.Max(t => (t.Upper ?? t.Estimate).TotalSeconds);
        var (factor, unit) = Math.Max(highest, limit ?? 0) switch { < 1e-3 => (1e6, "us"), < 1 => (1e3, "ms"), _ => (1.0, "s") };
        var lines = new List<PlotLine>();
        if (report.Original.Profile?.Latency.P95 is { } original)
        {
            lines.Add(new PlotLine($"original, {Durations.Print(original.Estimate)}", "reference", original.Estimate.TotalSeconds * factor));
        }

        if (limit is { } most)
        {
            lines.Add(new PlotLine($"budget, {TrialWords.Figure(most, "s")}", "limit", most * factor));
        }

        // A budget far above everything measured would flatten the figure; the legend still states it.
        var top = Math.Max(highest, limit is { } l && l < 3 * highest ? l : 0) * factor;
        var series = Series(report, t => t.Profile?.Latency.P95 is { } p
            ? new PlotPoint(t.Rate, p.Estimate.TotalSeconds * factor, p.Lower?.TotalSeconds * factor, p.Upper?.TotalSeconds * factor, Title(t, Durations.Print(p.Estimate)), t.Index == report.Picked)
            : null);
        return new SvgPlot(Rates(report), new PlotAxis($"latency, 95th percentile ({unit})", 0, top), [.. series], lines)
            .Render("Latency against rate.", $"Bars are {HtmlText.Number(100 * Confidence(report))} % confidence bounds; a budget is met when the upper one is within it.");
    }

    private static string FileSize(TuningReport report) =>
        Sizes(report, "File size.", "fileSize", t => t.FileSize);

    private static string Memory(TuningReport report) =>
        Sizes(report, "Peak memory.", "peakMemory", t => t.Profile?.Memory.PeakResident);

    private static string Sizes(TuningReport report, string title, string check, Func<Trial, ByteSize?> size)
    {
        var trials = report.Trials.Prepend(report.Original).Select(t => (Trial: t, Size: size(t))).Where(p => p.Size is not null).ToList();
        if (trials.Count == 0)
        {
            return "";
        }

        var limit = TrialWords.Limit(report, check);
        var highest = Math.Max(trials.Max(p => p.Size!.Value.Bytes), limit ?? 0);
        var (factor, unit) = highest >= 1 << 20 ? (1 << 20, "MiB") : (1 << 10, "KiB");
        var bars = trials.Select(p => new Bar(TrialWords.Name(p.Trial), (double)p.Size!.Value.Bytes / factor, TrialWords.Style(p.Trial), p.Size.Value.ToString(), p.Trial.Index == report.Picked));
        return new SvgBars($"{title.TrimEnd('.').ToLowerInvariant()} ({unit})", [.. bars], limit / factor)
            .Render(title, "Named by rate and precision; the picked one is bold.", [.. TrialWords.Precisions(report).Select(p => (p.Name, p.Style)), ("original", "s3")]);
    }

    private static IEnumerable<PlotSeries> Series(TuningReport report, Func<Trial, PlotPoint?> point) =>
        TrialWords.Precisions(report).Select(p => new PlotSeries(
            p.Name,
            p.Style,
            [.. report.Trials.Prepend(report.Original).Where(t => t.Precision == p.Precision).OrderBy(t => t.Rate).Select(point).OfType<PlotPoint>()]));

    private static double? LowestScore(TuningReport report, Trial trial) =>
        trial.Checks.FirstOrDefault(c => c.Name == "accuracyLoss")?.UpperBound is { } loss ? report.Original.Score - loss : null;

    private static PlotAxis Rates(TuningReport report) => new("rate (share of channels removed)", 0, Math.Max(0.1, report.Trials.Select(t => t.Rate).DefaultIfEmpty(1).Max()));

    private static double Confidence(TuningReport report) => report.Trials.Append(report.Original).First(t => t.Profile is not null).Profile!.Settings.Confidence;

    private static string Axis(string metric) => metric.EndsWith(", percent", StringComparison.Ordinal) ? $"{metric[..^9]} (%)" : metric;

    private static string Title(Trial trial, string figure) => $"trial {trial.Index}, {TrialWords.Name(trial)}: {figure}";
}
