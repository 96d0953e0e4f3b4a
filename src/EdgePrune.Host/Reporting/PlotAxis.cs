namespace EdgePrune.Host;

/// <summary>An axis: what it shows, in which unit, and its round ticks.</summary>
internal sealed class PlotAxis
{
    public PlotAxis(string label, double low, double high, int about = 5)
    {
        Label = label;
        Ticks = NiceTicks.Between(low, high, about);
        Digits = Enumerable.Range(0, 10).First(d => d == 9 || Ticks.All(t => Math.Abs(t - Math.Round(t, d)) < 1e-9 * Math.Max(1, Math.Abs(t))));
    }

    public string Label { get; }

    public IReadOnlyList<double> Ticks { get; }

    public double Low => Ticks[0];

    public double High => Ticks[^1];

    private int Digits { get; }

    public string Print(double tick) => HtmlText.Number(tick, Digits == 0 ? "0" : "0." + new string('0', Digits));

    /// <summary>Place of a value along the axis. Range: 0 to 1 for values on it.</summary>
    public double Place(double value) => (value - Low) / (High - Low);
}
