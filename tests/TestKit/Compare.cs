using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>How far results are apart.</summary>
public static class Compare
{
    /// <summary>The largest difference, relative to the largest absolute value of the expected tensor.</summary>
    /// <param name="expected">The expected tensor.</param>
    /// <param name="actual">The tensor to judge.</param>
    /// <returns>The error; infinite when shapes differ or one of a pair is no number; 0 when both are empty.</returns>
    public static double MaxRelativeError(Tensor expected, Tensor actual)
    {
        if (!expected.Dims.SequenceEqual(actual.Dims) || expected.ElementType != actual.ElementType)
        {
            return double.PositiveInfinity;
        }

        if (!expected.ElementType.IsFloat())
        {
            return expected.Bytes.Span.SequenceEqual(actual.Bytes.Span) ? 0 : double.PositiveInfinity;
        }

        var (difference, scale) = (0.0, 0.0);
        foreach (var (a, b) in expected.ToFloats().Zip(actual.ToFloats()))
        {
            if (a.Equals(b))
            {
                scale = Math.Max(scale, float.IsFinite(a) ? Math.Abs(a) : 0);
                continue;
            }

            if (!float.IsFinite(a) || !float.IsFinite(b))
            {
                return double.PositiveInfinity;
            }

            scale = Math.Max(scale, Math.Abs(a));
            difference = Math.Max(difference, Math.Abs((double)a - b));
        }

        return difference == 0 ? 0 : difference / Math.Max(scale, float.Epsilon);
    }

    /// <summary>The largest error over several outputs.</summary>
    /// <param name="expected">The expected tensors.</param>
    /// <param name="actual">The tensors to judge, in the same order.</param>
    /// <returns>The error; infinite when their numbers differ.</returns>
    public static double MaxRelativeError(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) => expected.Count != actual.Count
        ? double.PositiveInfinity
        : expected.Zip(actual, MaxRelativeError).DefaultIfEmpty().Max();
}
