using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What all conversions ask of a weight.</summary>
internal static class WeightTensors
{
    /// <summary>Why a tensor cannot be converted whatever the precision, or null.</summary>
    public static string? Refuse(Tensor tensor)
    {
        if (tensor.ElementType != ElementType.Float32)
        {
            return $"Its weight is {tensor.ElementType}; only 32-bit floats are converted.";
        }

        foreach (var value in tensor.Span<float>())
        {
            if (!float.IsFinite(value))
            {
                return "Its weight holds values that are not finite numbers.";
            }
        }

        return null;
    }

    /// <summary>Norm of a change over the norm of what was changed; 0 when nothing was.</summary>
    public static double RelativeError(double squaredChange, ReadOnlySpan<float> weights)
    {
        var energy = 0.0;
        foreach (var weight in weights)
        {
            energy += (double)weight * weight;
        }

        return squaredChange == 0 ? 0 : Math.Sqrt(squaredChange / energy);
    }
}
