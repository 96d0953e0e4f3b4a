namespace EdgePrune.Host;

/// <summary>Points that belong together.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Style">Style class: <c>s1</c> to <c>s6</c>.</param>
/// <param name="Points">The points, in the order in which they are joined.</param>
/// <param name="Joined">Whether a line joins them.</param>
internal sealed record PlotSeries(string Name, string Style, IReadOnlyList<PlotPoint> Points, bool Joined = true);

/// <summary>One point.</summary>
/// <param name="X">Place on the horizontal axis.</param>
/// <param name="Y">Place on the vertical axis.</param>
/// <param name="Low">Lower confidence bound, or null.</param>
/// <param name="High">Upper confidence bound, or null.</param>
/// <param name="Title">What a pointer over it shows.</param>
/// <param name="Marked">Whether a ring marks it.</param>
internal sealed record PlotPoint(double X, double Y, double? Low, double? High, string Title, bool Marked = false);

/// <summary>A horizontal line across a plot.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Style">Style class: <c>reference</c> or <c>limit</c>.</param>
/// <param name="Y">Where it stands.</param>
internal sealed record PlotLine(string Name, string Style, double Y);
