namespace EdgePrune.Host;

/// <summary>
/// A plot of points and lines as inline SVG. Colours come from the page's style sheet, so that it follows light and dark.
/// The legend stands outside the plot, where nothing can overlap it.
/// </summary>
/// <param name="x">The horizontal axis.</param>
/// <param name="y">The vertical axis.</param>
/// <param name="series">The points.</param>
/// <param name="lines">The horizontal lines.</param>
internal sealed class SvgPlot(PlotAxis x, PlotAxis y, IReadOnlyList<PlotSeries> series, IReadOnlyList<PlotLine> lines)
{
    private const double Width = 480;
    private const double Height = 300;
    private const double Left = 62;
    private const double Right = 14;
    private const double Top = 14;
    private const double Bottom = 46;

    // Room between the vertical axis and its first tick, so that points there do not lie on the axis.
    private const double Inset = 14;

    /// <summary>The figure with its title, legend and a note.</summary>
    public string Render(string title, string note) =>
        $"""
        <figure>
        <figcaption><b>{HtmlText.Escape(title)}</b> {HtmlText.Escape(note)}</figcaption>
        <ul class="legend">{string.Concat(series.Where(s => s.Points.Count > 0).Select(Legend))}{string.Concat(lines.Select(Legend))}</ul>
        <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{HtmlText.Escape(title)}">
        {Grid()}
        {string.Join('\n', lines.Select(Line))}
        {string.Join('\n', series.Select(Draw))}
        </svg>
        </figure>
        """;

    private string Grid()
    {
        var vertical = x.Ticks.Select(t => $"""<line class="grid" x1="{At(X(t))}" x2="{At(X(t))}" y1="{At(Top)}" y2="{At(Height - Bottom)}"/><text x="{At(X(t))}" y="{At(Height - Bottom + 17)}" text-anchor="middle">{x.Print(t)}</text>""");
        var horizontal = y.Ticks.Select(t => $"""<line class="grid" x1="{At(Left)}" x2="{At(Width - Right)}" y1="{At(Y(t))}" y2="{At(Y(t))}"/><text x="{At(Left - 7)}" y="{At(Y(t) + 4.2)}" text-anchor="end">{y.Print(t)}</text>""");
        return string.Join('\n', vertical.Concat(horizontal).Append(
            $"""
            <path class="axis" d="M{At(Left)} {At(Top)}V{At(Height - Bottom)}H{At(Width - Right)}"/>
            <text class="label" x="{At((Left + Width - Right) / 2)}" y="{At(Height - 8)}" text-anchor="middle">{HtmlText.Escape(x.Label)}</text>
            <text class="label" transform="translate(14 {At((Top + Height - Bottom) / 2)}) rotate(-90)" text-anchor="middle">{HtmlText.Escape(y.Label)}</text>
            """));
    }

    private string Line(PlotLine line) => Inside(line.Y)
        ? $"""<line class="{line.Style}" x1="{At(Left)}" x2="{At(Width - Right)}" y1="{At(Y(line.Y))}" y2="{At(Y(line.Y))}"/>"""
        : "";

    private string Draw(PlotSeries one)
    {
        var path = string.Join('L', one.Points.Select(p => $"{At(X(p.X))} {At(Y(p.Y))}"));
        var line = one.Joined && one.Points.Count > 1 ? Clip($"""<path class="line {one.Style}" d="M{path}"/>""") : "";
        return line + string.Concat(one.Points.Select(p => Draw(p, one.Style)));
    }

    // An inner picture shows nothing beyond its edge, so a line leaves the plot where it really does.
    private static string Clip(string drawing) =>
        $"""<svg x="{At(Left)}" y="{At(Top)}" width="{At(Width - Left - Right)}" height="{At(Height - Top - Bottom)}" viewBox="{At(Left)} {At(Top)} {At(Width - Left - Right)} {At(Height - Top - Bottom)}">{drawing}</svg>""";

    // A point below the axis stands at its edge as an arrow with its value, so that it does not flatten all others.
    private string Draw(PlotPoint point, string style)
    {
        var title = $"<title>{HtmlText.Escape(point.Title)}</title>";
        var left = At(X(point.X));
        if (point.Y < y.Low)
        {
            var bottom = Height - Bottom;
            var anchor = x.Place(point.X) > 0.9 ? "end" : "middle";
            return $"""<path class="dot {style}" d="M{At(X(point.X) - 5)} {At(bottom - 10)}h10l-5 9z">{title}</path><text x="{left}" y="{At(bottom - 14)}" text-anchor="{anchor}">{HtmlText.Number(point.Y, "0.#")}</text>""";
        }

        var ring = point.Marked ? $"""<circle class="ring" cx="{left}" cy="{At(Y(point.Y))}" r="9"/>""" : "";
        return $"""{Bounds(point, style)}{ring}<circle class="dot {style}" cx="{left}" cy="{At(Y(point.Y))}" r="{Radius(style)}">{title}</circle>""";
    }

    private string Bounds(PlotPoint point, string style) => point is { Low: { } low, High: { } high } && high > low
        ? $"""<path class="bounds {style}" d="M{At(X(point.X) - 4)} {At(Y(Math.Max(low, y.Low)))}h8m-4 0V{At(Y(high))}m-4 0h8"/>"""
        : "";

    private static string Legend(PlotSeries one) =>
        $"""<li><svg viewBox="0 0 26 12"><line class="line {one.Style}" x1="1" x2="25" y1="6" y2="6"/><circle class="dot {one.Style}" cx="13" cy="6" r="{Radius(one.Style)}"/></svg>{HtmlText.Escape(one.Name)}</li>""";

    private static string Legend(PlotLine line) =>
        $"""<li><svg viewBox="0 0 26 12"><line class="{line.Style}" x1="1" x2="25" y1="6" y2="6"/></svg>{HtmlText.Escape(line.Name)}</li>""";

    // The first series has wide open circles and lies below the second's small full ones, so that equal points show both.
    private static string Radius(string style) => style == "s1" ? "5" : "3.4";

    private bool Inside(double value) => value >= y.Low && value <= y.High;

    private double X(double value) => Left + Inset + (x.Place(value) * (Width - Left - Inset - Right));

    private double Y(double value) => Height - Bottom - (y.Place(value) * (Height - Top - Bottom));

    private static string At(double place) => HtmlText.Number(place, "0.#");
}
