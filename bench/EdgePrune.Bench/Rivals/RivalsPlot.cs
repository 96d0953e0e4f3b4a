using System.Globalization;
using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>Accuracy against operations as a picture of its own: the best of others, our default widths and our global ranking.</summary>
internal static class RivalsPlot
{
    // Means that are far below the rest stand at the edge with their value.
    private const double Deepest = 40;

    public static string Render(RivalTable table)
    {
        PlotSeries[] series =
        [
            Series("EdgePrune, one ranking within the same MACs", "s1", table, _ => RivalMethod.SameMacs),
            Series("EdgePrune, the same rate for every layer", "s2", table, _ => RivalMethod.SameWidths),
            Series("the best of others at the same widths", "s3", table, table.BestRival),
        ];
        var points = series.SelectMany(s => s.Points).ToList();
        var x = new PlotAxis("MACs left, percent", points.Min(p => p.X), points.Max(p => p.X));
        var y = new PlotAxis("top-1, percent", Math.Max(table.Original - Deepest, points.Min(p => p.Y)), table.Original);
        var figure = new SvgPlot(x, y, series, [new PlotLine("the original", "reference", table.Original)]).Render(table.Model.Title, "");
        return Picture(table, figure[figure.IndexOf("<svg viewBox=\"0 0 480", StringComparison.Ordinal)..figure.IndexOf("</figure>", StringComparison.Ordinal)], series);
    }

    private static PlotSeries Series(string name, string style, RivalTable table, Func<double, RivalMethod> method) =>
        new(name, style, [.. table.Rates.Select(r => Point(table, method(r), r))]);

    private static PlotPoint Point(RivalTable table, RivalMethod method, double rate)
    {
        var (accuracy, macs) = (table.Accuracy(method, rate), 100 * table.Mean(method, rate, c => c.Macs) / table.Before.Macs);
        var text = string.Create(CultureInfo.InvariantCulture, $"{method.Name}: {accuracy} at {macs:f1} % of the MACs");
        return new PlotPoint(macs, accuracy.Mean, accuracy.Mean - accuracy.Deviation, accuracy.Mean + accuracy.Deviation, text);
    }

    private static string Picture(RivalTable table, string plot, IReadOnlyList<PlotSeries> series)
    {
        var legend = series.Select((s, i) => $"""<line class="line {s.Style}" x1="62" x2="86" y1="{34 + (18 * i)}" y2="{34 + (18 * i)}"/><text x="94" y="{38 + (18 * i)}">{HtmlText.Escape(s.Name)}</text>""");
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 384">
            <style>{HtmlText.Escape(ReportStyle.Css)}</style>
            <text class="marked" x="62" y="16">{HtmlText.Escape(table.Model.Title)}</text>
            {string.Join('\n', legend)}
            <svg x="0" y="80" width="480" height="300" {plot["<svg ".Length..].TrimEnd()}
            </svg>

            """;
    }
}
