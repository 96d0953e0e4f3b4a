namespace EdgePrune.Host;

/// <summary>One horizontal bar.</summary>
/// <param name="Label">What stands left of it.</param>
/// <param name="Value">Its length.</param>
/// <param name="Style">Style class: <c>s1</c>, <c>s2</c> or <c>s3</c>.</param>
/// <param name="Text">What stands behind it.</param>
/// <param name="Marked">Whether its label is bold.</param>
/// <param name="Gap">Whether some room is left above it, for a new group.</param>
internal sealed record Bar(string Label, double Value, string Style, string Text, bool Marked = false, bool Gap = false);

/// <summary>Horizontal bars with a vertical line for a limit, as inline SVG.</summary>
/// <param name="label">What the lengths show, with unit.</param>
/// <param name="bars">The bars, from top to bottom.</param>
/// <param name="limit">The limit, or null for none.</param>
internal sealed class SvgBars(string label, IReadOnlyList<Bar> bars, double? limit = null)
{
    private const double Width = 480;
    private const double Row = 21;
    private const double Room = 7;
    private const double Right = 86;
    private const double Bottom = 44;
    private const int LongestLabel = 20;

    private readonly PlotAxis _axis = new(label, 0, bars.Select(b => b.Value).Append(limit ?? 0).DefaultIfEmpty(1).Max(), about: 4);
    private readonly double _left = 12 + (7.8 * Math.Clamp(bars.Select(b => b.Label.Length).DefaultIfEmpty(0).Max(), 4, LongestLabel));

    /// <summary>The figure with its title, a note and a legend by style class.</summary>
    public string Render(string title, string note, params (string Name, string Style)[] legend)
    {
        var bottom = (bars.Count * Row) + (bars.Count(b => b.Gap) * Room) + 8;
        var height = bottom + Bottom;
        return $"""
            <figure>
            <figcaption><b>{HtmlText.Escape(title)}</b> {HtmlText.Escape(note)}</figcaption>
            <ul class="legend">{string.Concat(legend.Select(Legend))}{(limit is null ? "" : Limit())}</ul>
            <svg viewBox="0 0 {Width} {At(height)}" role="img" aria-label="{HtmlText.Escape(title)}">
            {Axis(bottom)}
            {string.Join('\n', bars.Select(Draw))}
            {(limit is { } at ? $"""<line class="limit" x1="{At(X(at))}" x2="{At(X(at))}" y1="2" y2="{At(bottom)}"/>""" : "")}
            </svg>
            </figure>
            """;
    }

    private string Axis(double bottom)
    {
        var ticks = _axis.Ticks.Select(t => $"""<line class="grid" x1="{At(X(t))}" x2="{At(X(t))}" y1="2" y2="{At(bottom)}"/><text x="{At(X(t))}" y="{At(bottom + 16)}" text-anchor="middle">{_axis.Print(t)}</text>""");
        return string.Concat(ticks) + $"""<text class="label" x="{At((_left + Width - Right) / 2)}" y="{At(bottom + 36)}" text-anchor="middle">{HtmlText.Escape(label)}</text>""";
    }

    private string Draw(Bar bar, int index)
    {
        var top = 5 + (index * Row) + (bars.Take(index + 1).Count(b => b.Gap) * Room);
        var end = X(bar.Value);
        return $"""
            <text x="{At(_left - 8)}" y="{At(top + 12)}" text-anchor="end"{(bar.Marked ? " class=\"marked\"" : "")}>{HtmlText.Escape(Shorten(bar.Label))}<title>{HtmlText.Escape(bar.Label)}</title></text><rect class="bar {bar.Style}" x="{At(_left)}" y="{At(top)}" width="{At(Math.Max(1, end - _left))}" height="15" rx="2"/><text x="{At(Math.Max(end, LimitWithin(end)) + 6)}" y="{At(top + 12)}"{(bar.Marked ? " class=\"marked\"" : "")}>{HtmlText.Escape(bar.Text)}</text>
            """;
    }

    // A limit line that would run through the text behind a bar moves the text beyond the line.
    private double LimitWithin(double end) => limit is { } at && X(at) >= end && X(at) < end + Right ? X(at) : end;

    private static string Shorten(string text) => text.Length <= LongestLabel ? text : string.Concat(text.AsSpan(0, LongestLabel - 1), "\u2026");

    private static string Legend((string Name, string Style) item) =>
        $"""<li><svg viewBox="0 0 26 12"><rect class="bar {item.Style}" x="4" y="1" width="18" height="10" rx="2"/></svg>{HtmlText.Escape(item.Name)}</li>""";

    private static string Limit() => """<li><svg viewBox="0 0 26 12"><line class="limit" x1="13" x2="13" y1="0" y2="12"/></svg>budget</li>""";

    private double X(double value) => _left + (_axis.Place(value) * (Width - Right - _left));

    private static string At(double place) => HtmlText.Number(place, "0.#");
}
