using System.Numerics.Tensors;

namespace EdgePrune.Host;

/// <summary>Sees one tensor of every calibration batch and chooses its range. Memory does not grow with the samples.</summary>
/// <param name="options">How the range is chosen.</param>
internal sealed class ValueObserver(QuantizationOptions options)
{
    private readonly ValueHistogram? _histogram = options.Method == CalibrationMethod.Percentile ? new ValueHistogram() : null;
    private float _lowest = float.PositiveInfinity;
    private float _highest = float.NegativeInfinity;

    /// <summary>Whether every value seen was a finite number.</summary>
    public bool IsFinite { get; private set; } = true;

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

        _lowest = Math.Min(_lowest, lowest);
        _highest = Math.Max(_highest, highest);
        _histogram?.Add(values);
        return true;
    }

    /// <summary>The range to quantize; [0, 0] when nothing was seen.</summary>
    public ValueRange Range()
    {
        if (_lowest > _highest)
        {
            return default;
        }

        if (_histogram is null)
        {
            return new ValueRange(_lowest, _highest);
        }

        var tail = (100 - options.Percentile) / 200;
        return new ValueRange(
            (float)Math.Clamp(_histogram.Quantile(tail), _lowest, _highest),
            (float)Math.Clamp(_histogram.Quantile(1 - tail), _lowest, _highest));
    }
}
