using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Norms of a constant's slices along one axis.</summary>
internal static class SliceNorms
{
    /// <summary>Sum of squares of each slice.</summary>
    public static double[] Squared(Tensor tensor, int axis) => Sums(tensor, axis, power: 2);

    /// <summary>Sum of |w| to a power of each slice.</summary>
    /// <param name="tensor">The constant.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="power">1 or 2.</param>
    public static double[] Sums(Tensor tensor, int axis, int power)
    {
        var values = tensor.ElementType == ElementType.Float32 ? tensor.Span<float>() : tensor.ToFloats();
        var sums = new double[(int)tensor.Dims[axis]];
        var inner = (int)Tensor.Elements(tensor.Dims[(axis + 1)..]);
        for (var rest = values; rest.Length > 0 && inner > 0; rest = rest[(sums.Length * inner)..])
        {
            if (inner == 1)
            {
                AddPowers(rest[..sums.Length], sums, power);
            }
            else
            {
                AddSums(rest[..(sums.Length * inner)], inner, sums, power);
            }
        }

        return sums;
    }

    private static void AddPowers(ReadOnlySpan<float> values, Span<double> sums, int power)
    {
        for (var i = 0; i < sums.Length && i < values.Length; i++)
        {
            sums[i] += power == 1 ? Math.Abs((double)values[i]) : (double)values[i] * values[i];
        }
    }

    private static void AddSums(ReadOnlySpan<float> values, int inner, Span<double> sums, int power)
    {
        foreach (ref var sum in sums)
        {
            sum += power == 1 ? SumOfMagnitudes(values[..inner]) : SumOfSquares(values[..inner]);
            values = values[inner..];
        }
    }

    // Four sums in a fixed order: fast, and the same number on every processor, which vectors of its own width would not give.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0);
        for (; values.Length >= 4; values = values[4..])
        {
            a += (double)values[0] * values[0];
            b += (double)values[1] * values[1];
            c += (double)values[2] * values[2];
            d += (double)values[3] * values[3];
        }

        foreach (var value in values)
        {
            a += (double)value * value;
        }

        return a + b + (c + d);
    }

    private static double SumOfMagnitudes(ReadOnlySpan<float> values)
    {
        var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0);
        for (; values.Length >= 4; values = values[4..])
        {
            a += MathF.Abs(values[0]);
            b += MathF.Abs(values[1]);
            c += MathF.Abs(values[2]);
            d += MathF.Abs(values[3]);
        }

        foreach (var value in values)
        {
            a += MathF.Abs(value);
        }

        return a + b + (c + d);
    }
}
