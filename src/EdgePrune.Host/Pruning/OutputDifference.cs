using System.Runtime.InteropServices;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// The largest difference of one value between the masked and the pruned model over several inputs, relative to the largest
/// absolute value that the masked model gives before channels are dropped: a single kept channel may be near zero by
/// cancellation, and then says nothing about rounding.
/// </summary>
internal sealed class OutputDifference(Value value, RemovedChannels removed)
{
    private readonly Dictionary<int, int[]> _kept = [];
    private double _difference;
    private double _scale;

    /// <summary>The relative difference; infinite for other shapes, other types or numbers that are not finite.</summary>
    public double Relative => _difference == 0 ? 0 : _difference / Math.Max(_scale, 1e-30);

    public void Add(Tensor expected, Tensor actual)
    {
        if (expected.ElementType != actual.ElementType || !KeptDims(expected).AsSpan().SequenceEqual(actual.Dims))
        {
            _difference = double.PositiveInfinity;
        }
        else if (!expected.ElementType.IsFloat())
        {
            _difference = Kept(expected).Bytes.Span.SequenceEqual(actual.Bytes.Span) ? _difference : double.PositiveInfinity;
        }
        else if (actual.Count > 0)
        {
            var wanted = Floats(expected);
            _scale = Math.Max(_scale, Scale(wanted));
            Compare(expected, wanted, Floats(actual));
        }
    }

    private static ReadOnlySpan<float> Floats(Tensor tensor) => tensor.ElementType == ElementType.Float32 ? tensor.Span<float>() : tensor.ToFloats();

    // Finite values alone count; the plain maximum is the usual case and much faster.
    private static double Scale(ReadOnlySpan<float> values)
    {
        double scale = MathF.Abs(TensorPrimitives.MaxMagnitude(values));
        return double.IsFinite(scale) ? scale : values.ToArray().Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max();
    }

    // Along the last axis that lost channels, runs of neighbours are compared in place; channels lost before it are left out by Take.
    private void Compare(Tensor expected, ReadOnlySpan<float> wanted, ReadOnlySpan<float> given)
    {
        var cut = Enumerable.Range(0, expected.Rank).Where(axis => KeptOf(axis) is not null).ToList();
        if (cut.Count == 0)
        {
            _difference = Math.Max(_difference, Largest(wanted, given));
            return;
        }

        if (cut.Count > 1)
        {
            _difference = Math.Max(_difference, Largest(Kept(expected).ToFloats(), given));
            return;
        }

        var kept = KeptOf(cut[0])!;
        var inner = (int)Tensor.Elements(expected.Dims[(cut[0] + 1)..]);
        for (var size = (int)expected.Dims[cut[0]] * inner; wanted.Length > 0; wanted = wanted[size..])
        {
            foreach (var channel in kept)
            {
                _difference = Math.Max(_difference, Largest(wanted.Slice(channel * inner, inner), given[..inner]));
                given = given[inner..];
            }
        }
    }

    private static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Span<float> differences = stackalloc float[256];
        var largest = 0.0;
        for (var start = 0; start < expected.Length; start += differences.Length)
        {
            var count = Math.Min(differences.Length, expected.Length - start);
            var wanted = expected.Slice(start, count);
            var given = actual.Slice(start, count);
            TensorPrimitives.Subtract(wanted, given, differences);
            double part = MathF.Abs(TensorPrimitives.MaxMagnitude<float>(differences[..count]));
            largest = Math.Max(largest, double.IsFinite(part) ? part : LargestOfAny(wanted, given));
        }

        return largest;
    }

    // Equal infinities and two results that are no number agree: random inputs may leave an operator's domain.
    private static double LargestOfAny(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
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

    private long[] KeptDims(Tensor tensor)
    {
        var dims = tensor.Dims.ToArray();
        for (var axis = 0; axis < dims.Length; axis++)
        {
            dims[axis] = KeptOf(axis)?.Length ?? dims[axis];
        }

        return dims;
    }

    private Tensor Kept(Tensor tensor)
    {
        for (var axis = 0; axis < tensor.Rank; axis++)
        {
            tensor = KeptOf(axis) is { } kept ? tensor.Take(axis, kept) : tensor;
        }

        return tensor;
    }

    // The indices kept of an axis, or null when it loses none.
    private int[]? KeptOf(int axis)
    {
        var reference = new AxisRef(value, axis);
        if (removed.Of(reference).Count == 0)
        {
            return null;
        }

        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_kept, axis, out _);
        return kept ??= [.. removed.Kept(value, axis)];
    }
}
