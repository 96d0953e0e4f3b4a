using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// The largest difference of one value between the masked and the pruned model over several inputs, relative to the largest
/// absolute value that the masked model gives before channels are dropped: a single kept channel may be near zero by
/// cancellation, and then says nothing about rounding.
/// </summary>
internal sealed class OutputDifference(Value value, RemovedChannels removed)
{
    private double _difference;
    private double _scale;

    /// <summary>The relative difference; infinite for other shapes, other types or numbers that are not finite.</summary>
    public double Relative => _difference == 0 ? 0 : _difference / Math.Max(_scale, 1e-30);

    public void Add(Tensor expected, Tensor actual)
    {
        var kept = Kept(expected);
        if (!kept.Dims.SequenceEqual(actual.Dims) || expected.ElementType != actual.ElementType)
        {
            _difference = double.PositiveInfinity;
        }
        else if (!expected.ElementType.IsFloat())
        {
            _difference = kept.Bytes.Span.SequenceEqual(actual.Bytes.Span) ? _difference : double.PositiveInfinity;
        }
        else if (kept.Count > 0)
        {
            _scale = Math.Max(_scale, expected.ToFloats().Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max());
            _difference = Math.Max(_difference, Largest(kept.ToFloats(), actual.ToFloats()));
        }
    }

    // Equal infinities and two results that are no number agree: random inputs may leave an operator's domain.
    private static double Largest(float[] expected, float[] actual)
    {
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Equals(actual[i]))
            {
                var difference = Math.Abs((double)expected[i] - actual[i]);
                largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
            }
        }

        return largest;
    }

    private Tensor Kept(Tensor tensor)
    {
        for (var axis = 0; axis < tensor.Rank; axis++)
        {
            if (removed.Of(new AxisRef(value, axis)).Count > 0)
            {
                tensor = tensor.Take(axis, [.. removed.Kept(value, axis)]);
            }
        }

        return tensor;
    }
}
