using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

public sealed class AffineParametersTests
{
    [Theory]
    [InlineData(0, 25.5, -128)]
    [InlineData(3, 25.5, -128)]
    [InlineData(-25.5, 0, 127)]
    [InlineData(-25.5, -20, 127)]
    [InlineData(-12.8, 12.7, 0)]
    public void FromRange_AnyRange_HoldsZeroExactly(float low, float high, int zeroPoint)
    {
        var parameters = AffineParameters.FromRange(new ValueRange(low, high));

        Assert.Equal(zeroPoint, parameters.ZeroPoint);
        Assert.Equal(0.1, parameters.Scale, 1e-6);
        Assert.Equal(parameters.ZeroPoint, parameters.Quantize(0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1e-44)]
    [InlineData(-1e-38, 1e-38)]
    [InlineData(-3.4e38, 3.4e38)]
    [InlineData(7, 7)]
    [InlineData(-7, -7)]
    public void FromRange_ExtremeRange_HasAUsableScale(float low, float high)
    {
        var parameters = AffineParameters.FromRange(new ValueRange(low, high));

        Assert.InRange(parameters.Scale, AffineParameters.SmallestScale, float.MaxValue);
        Assert.True(float.IsNormal(parameters.Scale));
    }

    [Theory]
    [InlineData(0, 6, 0, 6)]
    [InlineData(0, 6, 0, 5.3)]
    [InlineData(-1, 1, -1, 1)]
    [InlineData(-1, 1, -0.7, 1)]
    [InlineData(0, float.MaxValue, 0, 13.7)]
    [InlineData(-3, 2, -3, 2)]
    public void Within_Bounds_StaysInsideThemAndCloseToTheRange(float lowest, float highest, float low, float high)
    {
        var parameters = AffineParameters.Within(new ValueRange(low, high), new PassedRange(lowest, highest));

        Assert.InRange(parameters.Scale * (sbyte.MaxValue - parameters.ZeroPoint), high * 0.99f, highest);
        Assert.True(parameters.Scale * (sbyte.MinValue - parameters.ZeroPoint) >= lowest);
        Assert.True(parameters.Scale * (sbyte.MinValue - parameters.ZeroPoint) <= low * 0.99f);
    }
}
