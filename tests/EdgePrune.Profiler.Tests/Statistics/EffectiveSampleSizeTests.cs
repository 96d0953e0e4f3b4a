namespace EdgePrune.Profiler.Tests;

public sealed class EffectiveSampleSizeTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Estimate_OfAnAutoregressiveSeries_IsNearTheFormula(double correlation)
    {
        double[] series = [.. Noise.Correlated(new Random(4), 20_000, correlation).Select(v => Math.Log(v))];
        var expected = series.Length * (1 - correlation) / (1 + correlation);
        Assert.InRange(EffectiveSampleSize.Estimate(series), 0.8 * expected, 1.2 * expected);
    }

    [Fact]
    public void Estimate_OfAConstantSeries_CountsInFull() =>
        Assert.Equal(50, EffectiveSampleSize.Estimate(Enumerable.Repeat(3.0, 50).ToArray()));

    [Fact]
    public void Estimate_OfAnAlternatingSeries_NeverExceedsItsLength() =>
        Assert.Equal(100, EffectiveSampleSize.Estimate(Enumerable.Range(0, 100).Select(i => i % 2.0).ToArray()));

    [Fact]
    public void Estimate_OfARamp_IsSmall() =>
        Assert.InRange(EffectiveSampleSize.Estimate(Enumerable.Range(0, 1000).Select(i => (double)i).ToArray()), 1, 10);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Estimate_OfVeryShortSeries_IsTheirLength(int count) =>
        Assert.Equal(count, EffectiveSampleSize.Estimate(new double[count]));

    [Fact]
    public void EstimateForQuantile_WithOutliers_StillSeesTheDrift()
    {
        var random = new Random(5);
        double[] series = [.. Enumerable.Range(0, 2000).Select(i => i + (random.Next(20) == 0 ? 1e6 : 0))];
        Assert.InRange(EffectiveSampleSize.EstimateForQuantile(series, 1000), 1, 60);
    }
}
