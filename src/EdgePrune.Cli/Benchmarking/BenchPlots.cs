using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Medians with their intervals, one figure for each place.</summary>
internal static class BenchPlots
{
    private const int Styles = 6;

    // Points of different settings stand beside each other, so that their intervals can be seen.
    private const double Step = 0.08;

    /// <summary>The figures, or nothing when nothing was measured.</summary>
    public static string Render(BenchReport report)
    {
        string[] models = [.. report.Rows.Select(r => r.Model).Distinct()];
        var measured = report.Rows.Where(r => r.Report is not null).GroupBy(r => r.Place).ToList();
        return measured.Count == 0
            ? ""
            : $"<h2>Figures</h2><div class=\"figures\">{string.Join('\n', measured.Select(place => Place(place.Key, models, [.. place])))}</div>";
    }

    private static string Place(string place, string[] models, IReadOnlyList<BenchRow> rows)
    {
        var highest = rows.Max(r => (r.Report!.Latency.P50.Upper ?? r.Report.Latency.P50.Estimate).TotalSeconds);
        var (factor, unit) = highest switch { < 1e-3 => (1e6, "us"), < 1 => (1e3, "ms"), _ => (1.0, "s") };
        var series = rows.GroupBy(r => BenchWords.Settings(r.Settings)).Select((g, i) => new PlotSeries(
            g.Key, $"s{(i % Styles) + 1}", [.. g.Select(r => Point(r, Array.IndexOf(models, r.Model) + 1 + (i * Step), factor))], Joined: false));
        return new SvgPlot(new PlotAxis("model", 0, models.Length + 1, models.Length + 1), new PlotAxis($"median time ({unit})", 0, highest * factor), [.. series], [])
            .Render($"Median latency on {place}, with bounds.", $"Models: {string.Join(", ", models.Select((m, i) => $"{i + 1} is {m}"))}. Runs that are not valid are drawn too; the table says which.");
    }

    private static PlotPoint Point(BenchRow row, double place, double factor)
    {
        var p50 = row.Report!.Latency.P50;
        return new PlotPoint(place, p50.Estimate.TotalSeconds * factor, p50.Lower?.TotalSeconds * factor, p50.Upper?.TotalSeconds * factor,
            $"{row.Model}, {BenchWords.Settings(row.Settings)}: {BenchWords.Bounded(p50)}, {BenchWords.Verdict(row.Report.Verdict)} run");
    }
}
