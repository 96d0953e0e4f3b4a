namespace EdgePrune.Host;

/// <summary>How the values of a tensor are spread over all calibration samples.</summary>
/// <param name="Seen">Lowest and highest value.</param>
/// <param name="Average">Moving average of the batches' lowest and highest values.</param>
/// <param name="Histogram">Counts of the values.</param>
internal sealed record ValueDistribution(ValueRange Seen, ValueRange Average, ValueHistogram Histogram)
{
    private readonly Dictionary<CalibrationMethod, ValueRange> _ranges = [];

    /// <summary>Lowest and highest value that three times as many samples are expected to show; no narrower than <see cref="Seen"/>.</summary>
    public ValueRange Expected { get; init; } = Seen;

    /// <summary>The range that a method chooses; beyond what was seen only by <see cref="CalibrationMethod.Extremes"/>.</summary>
    /// <param name="method">The method, not <see cref="CalibrationMethod.Auto"/>.</param>
    /// <param name="percentile">For <see cref="CalibrationMethod.Percentile"/>, the share of the values that the range holds, in percent.</param>
    public ValueRange RangeBy(CalibrationMethod method, double percentile)
    {
        lock (_ranges)
        {
            return _ranges.TryGetValue(method, out var range) ? range : _ranges[method] = method == CalibrationMethod.Extremes ? Expected : Clamp(Choose(method, percentile));
        }
    }

    private ValueRange Choose(CalibrationMethod method, double percentile) => method switch
    {
        CalibrationMethod.MinMax => Seen,
        CalibrationMethod.MovingAverage => Average,
        CalibrationMethod.Percentile => Percentile((100 - percentile) / 200),
        CalibrationMethod.Mse => SquaredErrorRange.Find(Histogram, Seen),
        CalibrationMethod.Entropy => EntropyRange.Find(Histogram, Seen),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "A range comes of one method."),
    };

    private ValueRange Percentile(double tail) => new((float)Histogram.Quantile(tail), (float)Histogram.Quantile(1 - tail));

    private ValueRange Clamp(ValueRange range) => new(Math.Clamp(range.Low, Seen.Low, Seen.High), Math.Clamp(range.High, Seen.Low, Seen.High));
}
