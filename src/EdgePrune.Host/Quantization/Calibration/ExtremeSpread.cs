namespace EdgePrune.Host;

/// <summary>How far the extremes of batches lie apart, which tells how much further those of more samples will lie.</summary>
/// <remarks>
/// The largest of n values of most distributions has nearly a Gumbel distribution, whose scale b does not depend on n; k times as many values
/// have their largest b ln k further out. b is the standard deviation of the batches' extremes times sqrt(6) / pi. Worked example: batches
/// whose largest values are 3 and 5 have b = 1.1; three times as many samples reach 1.2 further.
/// </remarks>
internal sealed class ExtremeSpread
{
    // What the range shall hold is what so many times as many samples show.
    private const double More = 3;

    // Heavy tails would leave most of the integers to values that hardly ever come.
    private const double MostShare = 0.25;

    private double _mean;
    private double _squares;
    private int _count;

    /// <summary>Adds the extreme of a batch.</summary>
    public void Add(double extreme)
    {
        var difference = extreme - _mean;
        _mean += difference / ++_count;
        _squares += difference * (extreme - _mean);
    }

    /// <summary>The range that three times as many samples are expected to fill, at most a quarter wider on each side.</summary>
    /// <param name="seen">Lowest and highest value seen.</param>
    /// <param name="lows">The batches' lowest values.</param>
    /// <param name="highs">The batches' highest values.</param>
    public static ValueRange Beyond(ValueRange seen, ExtremeSpread lows, ExtremeSpread highs)
    {
        var most = MostShare * ((double)seen.High - seen.Low);
        return new ValueRange((float)Math.Max(float.MinValue, seen.Low - Math.Min(most, lows.Growth)), (float)Math.Min(float.MaxValue, seen.High + Math.Min(most, highs.Growth)));
    }

    private double Growth => _count < 2 ? 0 : Math.Sqrt(6 * _squares / (_count - 1)) / Math.PI * Math.Log(More);
}
