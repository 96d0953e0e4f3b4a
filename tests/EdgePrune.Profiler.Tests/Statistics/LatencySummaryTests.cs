using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class LatencySummaryTests
{
    private static double[] Shuffled(int count)
    {
        double[] values = [.. Enumerable.Range(1, count).Select(i => i * 1000.0)];
        new Random(1).Shuffle(values);
        return values;
    }

    private static TimeSpan Us(double microseconds) => TimeSpan.FromMicroseconds(microseconds);

    [Fact]
    public void Of_298Runs_RefusesThe99thPercentile()
    {
        Assert.Null(LatencySummary.Of(Shuffled(298), 0.95).P99);
        Assert.NotNull(LatencySummary.Of(Shuffled(299), 0.95).P99);
    }

    [Theory]
    [InlineData(28, false, false)]
    [InlineData(29, true, false)]
    [InlineData(58, true, false)]
    [InlineData(59, true, true)]
    public void Of_FewRuns_PrintsOnlyWhatTheyCanBound(int count, bool p90, bool p95)
    {
        var summary = LatencySummary.Of(Shuffled(count), 0.95);
        Assert.Equal(p90, summary.P90 is not null);
        Assert.Equal(p95, summary.P95 is not null);
        Assert.Null(summary.P99);
    }

    [Fact]
    public void Of_IndependentRuns_TakesTheRanksOfTheTable()
    {
        // A shuffled series has no correlation worth mention; its effective size must be nearly the full one.
        var summary = LatencySummary.Of(Shuffled(1000), 0.95);
        Assert.InRange(summary.EffectiveCount, 700, 1000);
        Assert.Equal(Us(1), summary.Min);
        Assert.Equal(Us(500.5), summary.Mean);
        Assert.Equal(Us(950), summary.P95!.Estimate);
        Assert.InRange(summary.P95.Upper!.Value, Us(960), Us(966));
        Assert.InRange(summary.P50.Upper!.Value, Us(526), Us(532));
        Assert.InRange(summary.P50.Lower!.Value, Us(468), Us(475));
    }

    [Fact]
    public void Of_OneRun_HasAMedianWithoutBounds()
    {
        var summary = LatencySummary.Of([5000], 0.95);
        Assert.Equal(new BoundedTime(Us(5), null, null), summary.P50);
        Assert.Equal(1, summary.Count);
    }

    [Fact]
    public void Of_NoRun_Throws() => Assert.Throws<ArgumentException>(() => LatencySummary.Of([], 0.95));

    [Fact]
    public void Of_AStepInTheMiddle_WidensTheBoundsOfTheMedian()
    {
        // Half the runs are slow, in one stretch: two independent observations, not a thousand.
        var random = new Random(3);
        double[] series = [.. Enumerable.Range(0, 1000).Select(i => (i < 500 ? 1e5 : 2e5) + random.Next(1000))];
        var summary = LatencySummary.Of(series, 0.95);
        Assert.InRange(summary.EffectiveCount, 1, 20);
        Assert.True(summary.P50.Upper is null || summary.P50.Upper > Us(200));
    }

    [Fact]
    public void OfWindow_GivesTheSamplesOwnPercentiles()
    {
        var window = LatencySummary.OfWindow(Shuffled(100), collections: 2);
        Assert.Equal(new WindowStatistics(100, Us(1), Us(50), Us(95), 2) { P50Lower = window.P50Lower, P50Upper = window.P50Upper }, window);
        Assert.InRange(window.P50Lower!.Value, Us(34), Us(43));
        Assert.InRange(window.P50Upper!.Value, Us(58), Us(67));
    }
}
