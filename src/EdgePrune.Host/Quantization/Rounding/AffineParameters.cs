using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Scale and zero point of a signed 8-bit tensor: value = scale * (q - zero point), q from -128 to 127.
/// </summary>
/// <param name="Scale">Step between neighbouring values; positive and finite.</param>
/// <param name="ZeroPoint">The integer that stands for exactly 0.</param>
/// <remarks>Worked example: the range [0, 25.5] of a Relu gives scale 0.1 and zero point -128, so that 0 is -128 and 25.5 is 127.</remarks>
internal readonly record struct AffineParameters(float Scale, sbyte ZeroPoint)
{
    /// <summary>Smallest scale: products of two scales and their quotients stay normal floats.</summary>
    public const float SmallestScale = 1f / (1L << 60);

    private const int Steps = 255;

    /// <summary>Parameters of values in [0, 1] that do not depend on the samples: Sigmoid, Softmax.</summary>
    public static AffineParameters UnitInterval { get; } = new(1f / 256, sbyte.MinValue);

    /// <summary>Parameters for a range; 0 is put into it, because padding and Relu need an exact 0.</summary>
    public static AffineParameters FromRange(ValueRange range)
    {
        var (low, high) = (Math.Min(0.0, range.Low), Math.Max(0.0, range.High));
        if (high <= low)
        {
            // Only zeros were seen, which says nothing about the range.
            high = 1;
        }

        var scale = Math.Max((float)((high - low) / Steps), SmallestScale);
        return new AffineParameters(scale, (sbyte)Math.Clamp(Math.Round(sbyte.MinValue - (low / scale)), sbyte.MinValue, sbyte.MaxValue));
    }

    /// <summary>
    /// Parameters whose whole range lies within bounds that an activation clips to, so that the activation has nothing left
    /// to do and the runtime can drop it.
    /// </summary>
    public static AffineParameters Within(ValueRange range, PassedRange bounds)
    {
        var (lowest, highest) = bounds;
        var chosen = FromRange(new ValueRange(Math.Max(range.Low, lowest), Math.Min(range.High, highest)));
        var (down, up) = (sbyte.MinValue - chosen.ZeroPoint, sbyte.MaxValue - chosen.ZeroPoint);
        var scale = chosen.Scale;
        while ((up > 0 && scale * up > highest && highest > 0) || (down < 0 && scale * down < lowest && lowest < 0))
        {
            var limit = Math.Min(up > 0 && highest > 0 ? highest / up : float.MaxValue, down < 0 && lowest < 0 ? lowest / down : float.MaxValue);
            scale = Math.Min(limit, MathF.BitDecrement(scale));
        }

        return chosen with { Scale = Math.Max(scale, SmallestScale) };
    }

    /// <summary>A value's nearest integer.</summary>
    public sbyte Quantize(float value) => (sbyte)Math.Clamp(Math.Round((double)value / Scale) + ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
}

/// <summary>Lowest and highest value that matter.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
internal readonly record struct ValueRange(float Low, float High);
