using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Medians of one model on one device over time, a line for each settings.</summary>
internal static class HistoryPlot
{
    private const int Styles = 6;

    /// <summary>The figure.</summary>
    /// <param name="model">What the model is called.</param>
    /// <param name="device">The device.</param>
    /// <param name="runs">Its measurements, at least one, the oldest first.</param>
    public static string Render(string model, string device, IReadOnlyList<RunSummary> runs)
    {
        var start = runs[0].StartedAt;
        var (span, time) = Scale(runs[^1].StartedAt - start);
        var highest = runs.Max(r => (r.P50.Upper ?? r.P50.Estimate).TotalSeconds);
        var (factor, unit) = highest switch { < 1e-3 => (1e6, "us"), < 1 => (1e3, "ms"), _ => (1.0, "s") };
        var series = runs.GroupBy(r => r.Settings).Select((g, i) => new PlotSeries(
            BenchWords.Settings(g.Key), $"s{(i % Styles) + 1}", [.. g.Select(r => Point(r, (r.StartedAt - start) / time.Length, factor))]));
        // A single moment, or a median of zero, still wants an axis with a length.
        return new SvgPlot(new PlotAxis($"{time.Unit} since {HistoryView.Moment(start)} UTC", 0, Math.Max(span, 1)), new PlotAxis($"median time ({unit})", 0, Math.Max(highest * factor, 1e-3)), [.. series], [])
            .Render($"{model} on {device}.", $"{runs.Count} measurement(s). Runs that are not valid are drawn too; the table says which.");
    }

    private static (double Span, (TimeSpan Length, string Unit) Time) Scale(TimeSpan span)
    {
        var time = span switch
        {
            { TotalHours: < 2 } => (Length: TimeSpan.FromMinutes(1), Unit: "minutes"),
            { TotalDays: < 3 } => (Length: TimeSpan.FromHours(1), Unit: "hours"),
            _ => (Length: TimeSpan.FromDays(1), Unit: "days"),
        };
        return (span / time.Length, time);
    }

    private static PlotPoint Point(RunSummary run, double place, double factor) => new(
        place, run.P50.Estimate.TotalSeconds * factor, run.P50.Lower?.TotalSeconds * factor, run.P50.Upper?.TotalSeconds * factor,
        $"{RunFinder.Short(run.Id)}, {HistoryView.Moment(run.StartedAt)}: {BenchWords.Bounded(run.P50)}, {run.Validity.ToString().ToLowerInvariant()} run of {ProfileView.Short(run.ModelSha256)}");
}
