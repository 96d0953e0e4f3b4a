using System.Numerics.Tensors;

namespace EdgePrune.Host;

/// <summary>Sees one tensor of every calibration batch. Memory does not grow with the samples.</summary>
internal sealed class ValueObserver
{
    // A batch counts at least this much, so that the average moves: that of the first hundred is plain.
    private const float LeastWeight = 0.01f;

    private readonly ValueHistogram _histogram = new();
    private float _lowest = float.PositiveInfinity;
    private float _highest = float.NegativeInfinity;
    private readonly ExtremeSpread _lows = new();
    private readonly ExtremeSpread _highs = new();
    private ValueRange _average;
    private int _batches;

    /// <summary>Whether every value seen was a finite number.</summary>
    public bool IsFinite { get; private set; } = true;

    /// <summary>What was seen, or null when there were no values.</summary>
    public ValueDistribution? Distribution => _batches == 0 ? null : new ValueDistribution(new ValueRange(_lowest, _highest), _average, _histogram)
    {
        Expected = ExtremeSpread.Beyond(new ValueRange(_lowest, _highest), _lows, _highs),
    };

    /// <summary>Sees values.</summary>
    /// <returns>Whether all of them are finite.</returns>
    public bool Observe(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return true;
        }

        var (lowest, highest) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (!float.IsFinite(lowest) || !float.IsFinite(highest))
        {
            IsFinite = false;
            return false;
        }

        _lows.Add(lowest);
        _highs.Add(highest);
        _lowest = Math.Min(_lowest, lowest);
        _highest = Math.Max(_highest, highest);
        var weight = Math.Max(1f / ++_batches, LeastWeight);
        _average = new ValueRange(Moved(_average.Low, lowest, weight), Moved(_average.High, highest, weight));
        _histogram.Add(values);
        return true;
    }

    // Written so that huge values of either sign do not overflow.
    private static float Moved(float average, float value, float weight) => ((1 - weight) * average) + (weight * value);
}
