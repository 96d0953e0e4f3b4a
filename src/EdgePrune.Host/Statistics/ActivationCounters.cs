using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Plain figures of every index on one axis of one activation: mean magnitude, mean square, share of zeros. Three numbers an
/// index, whatever the number of samples.
/// </summary>
internal sealed class ActivationCounters(int axis, int size)
{
    private readonly double[] _magnitudes = new double[size];
    private readonly double[] _squares = new double[size];
    private readonly long[] _zeros = new long[size];
    private long _count;

    /// <summary>Mean of |x|.</summary>
    public double MeanMagnitude(int index) => _count == 0 ? 0 : _magnitudes[index] / _count;

    /// <summary>Mean of x squared: variance plus mean squared.</summary>
    public double MeanSquare(int index) => _count == 0 ? 0 : _squares[index] / _count;

    /// <summary>Share of observations that are exactly 0.</summary>
    public double ShareOfZeros(int index) => _count == 0 ? 0 : (double)_zeros[index] / _count;

    /// <summary>Adds one batch of the activation.</summary>
    public void Add(Tensor activation)
    {
        var values = activation.ElementType == ElementType.Float32 ? activation.Span<float>() : activation.ToFloats();
        var inner = (int)Tensor.Elements(activation.Dims[(axis + 1)..]);
        for (var rest = values; rest.Length > 0 && inner > 0; rest = rest[(size * inner)..])
        {
            for (var index = 0; index < size; index++)
            {
                Add(index, rest.Slice(index * inner, inner));
            }

            _count += inner;
        }
    }

    private void Add(int index, ReadOnlySpan<float> values)
    {
        var (magnitude, square, zeros) = (0.0, 0.0, 0);
        foreach (double value in values)
        {
            magnitude += Math.Abs(value);
            square += value * value;
            zeros += value == 0 ? 1 : 0;
        }

        _magnitudes[index] += magnitude;
        _squares[index] += square;
        _zeros[index] += zeros;
    }
}
