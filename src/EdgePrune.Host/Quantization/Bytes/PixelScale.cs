namespace EdgePrune.Host;

/// <summary>The normalisation of samples as scales and zero points of their bytes: number = scale * (byte - zero).</summary>
/// <param name="Scales">One scale, or one for each channel; none is 0.</param>
/// <param name="Zeros">As many zeros: the bytes, rarely whole, that stand for 0.</param>
/// <param name="Axis">The sample's axis of channels.</param>
/// <remarks>Worked example: <c>(p / 255 - 0.1307) / 0.3081</c> has the scale 1 / (255 * 0.3081) = 0.01273 and the zero 0.1307 * 255 = 33.33.</remarks>
internal sealed record PixelScale(IReadOnlyList<double> Scales, IReadOnlyList<double> Zeros, int Axis)
{
    // Steps; far below what rounding to bytes loses.
    private const double Whole = 0.01;

    /// <summary>Scale and zero point, when these two alone say it.</summary>
    public AffineParameters? Exact =>
        Scales[0] > 0 && Scales.All(s => s == Scales[0]) && Zeros.All(z => Math.Abs(z - Math.Round(Zeros[0])) <= Whole) && IsByte(Math.Round(Zeros[0]))
            ? Parameters(Scales[0], Zeros[0])
            : null;

    /// <summary>That of an array of samples.</summary>
    public static PixelScale Of(SampleInput input) => input.Normalization is not { } n
        ? new PixelScale([1], [0], 0)
        : new PixelScale(n.Factors, [.. n.Offsets.Zip(n.Factors, (offset, factor) => offset / factor)], n.Axis);

    /// <summary>Parameters of unsigned integers; kept signed, as all parameters are.</summary>
    public static AffineParameters Parameters(double scale, double zero) => new((float)scale, (sbyte)(Math.Round(zero) + sbyte.MinValue));

    /// <summary>Whether a whole number is a byte.</summary>
    public static bool IsByte(double value) => value is >= byte.MinValue and <= byte.MaxValue;

    /// <summary>The same for a number of channels, one scale each.</summary>
    public PixelScale Spread(int channels) => Scales.Count == channels
        ? this
        : this with { Scales = [.. Enumerable.Repeat(Scales[0], channels)], Zeros = [.. Enumerable.Repeat(Zeros[0], channels)] };
}
