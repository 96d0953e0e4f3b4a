using CsCheck;

namespace EdgePrune.Host.Tests;

public sealed class MonotoneFitTests
{
    [Fact]
    public void Rising_OfValuesThatFallOnce_PoolsTheTwo() => Assert.Equal([1, 2.5, 2.5, 4], MonotoneFit.Rising([1, 3, 2, 4]));

    [Fact]
    public void Falling_OfRisingValues_IsTheirMean() => Assert.Equal([2, 2, 2], MonotoneFit.Falling([1, 2, 3]));

    [Fact]
    public void Rising_OfAnything_NeverFallsAndKeepsTheMean() =>
        Gen.Double[-5, 5].Array[1, 20].Sample(values =>
        {
            var fit = MonotoneFit.Rising(values);
            Assert.All(fit.Zip(fit.Skip(1)), p => Assert.True(p.First <= p.Second + 1e-12));
            Assert.Equal(values.Sum(), fit.Sum(), 9);
        });

    [Fact]
    public void ConvexHull_LeavesOutWhatLiesAboveAStraightLine() =>
        Assert.Equal([(0, 0), (0.5, 0.1), (1, 1)], MonotoneFit.ConvexHull([(0, 0), (0.25, 0.2), (0.5, 0.1), (0.75, 0.9), (1, 1)]));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.05)]
    [InlineData(0.75, 0.55)]
    [InlineData(1.0, 1)]
    public void Predict_BetweenPoints_IsOnTheHull(double rate, double loss)
    {
        var curve = new GroupSensitivity("g", 8, [new(0.5, 4, 0, 0, 0.1), new(1, 8, 0, 0, 1)]);

        Assert.Equal(loss, curve.Predict(rate), 12);
    }
}
