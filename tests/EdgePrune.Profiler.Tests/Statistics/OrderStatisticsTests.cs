namespace EdgePrune.Profiler.Tests;

public sealed class OrderStatisticsTests
{
    [Theory]
    [InlineData(0.5, 30, 20)]
    [InlineData(0.5, 50, 32)]
    [InlineData(0.5, 100, 59)]
    [InlineData(0.5, 200, 113)]
    [InlineData(0.5, 300, 165)]
    [InlineData(0.5, 500, 269)]
    [InlineData(0.5, 1000, 527)]
    [InlineData(0.9, 30, 30)]
    [InlineData(0.9, 50, 49)]
    [InlineData(0.9, 100, 96)]
    [InlineData(0.9, 200, 188)]
    [InlineData(0.9, 300, 279)]
    [InlineData(0.9, 500, 462)]
    [InlineData(0.9, 1000, 916)]
    [InlineData(0.95, 100, 99)]
    [InlineData(0.95, 200, 196)]
    [InlineData(0.95, 300, 292)]
    [InlineData(0.95, 500, 484)]
    [InlineData(0.95, 1000, 962)]
    [InlineData(0.99, 300, 300)]
    [InlineData(0.99, 500, 499)]
    [InlineData(0.99, 1000, 996)]
    public void UpperRank_At95Percent_LiesBeforeTheKnownWholeRank(double p, int n, int rank)
    {
        Assert.Equal(rank, Math.Ceiling(OrderStatistics.UpperRank(n, p, 0.95)!.Value - 1e-6));
        Assert.Equal(0.95, OrderStatistics.Coverage(OrderStatistics.UpperRank(n, p, 0.95)!.Value, n, p), 6);
    }

    [Theory]
    [InlineData(0.95, 30)]
    [InlineData(0.95, 50)]
    [InlineData(0.95, 58)]
    [InlineData(0.99, 200)]
    [InlineData(0.99, 298)]
    public void UpperRank_OfTooFewRuns_IsNull(double p, int n) =>
        Assert.Null(OrderStatistics.UpperRank(n, p, 0.95));

    [Theory]
    [InlineData(10, 2, 9)]
    [InlineData(20, 6, 15)]
    [InlineData(30, 10, 21)]
    [InlineData(50, 18, 33)]
    [InlineData(100, 40, 61)]
    [InlineData(200, 86, 115)]
    public void Ranks_OfTheMedianAt97Point5PercentEach_AreTheKnownTwoSidedPair(int n, int lower, int upper)
    {
        Assert.Equal(lower, Math.Floor(OrderStatistics.LowerRank(n, 0.5, 0.975)!.Value));
        Assert.Equal(upper, Math.Ceiling(OrderStatistics.UpperRank(n, 0.5, 0.975)!.Value));
    }

    [Theory]
    [InlineData(0.5, 0.95, 5)]
    [InlineData(0.5, 0.99, 7)]
    [InlineData(0.9, 0.95, 29)]
    [InlineData(0.9, 0.99, 44)]
    [InlineData(0.95, 0.95, 59)]
    [InlineData(0.95, 0.99, 90)]
    [InlineData(0.99, 0.95, 299)]
    [InlineData(0.99, 0.99, 459)]
    public void MinimumCount_IsTheFirstNumberWithAnUpperRank(double p, double confidence, int count)
    {
        Assert.Equal(count, OrderStatistics.MinimumCount(p, confidence));
        Assert.InRange(OrderStatistics.UpperRank(count, p, confidence)!.Value, count - 1, count);
        Assert.Null(OrderStatistics.UpperRank(count - 1, p, confidence));
    }

    [Theory]
    // P(Bin(n, p) <= k - 1) = 1 - I_p(k, n + 1 - k), for whole ranks k.
    [InlineData(1, 10, 0.5, 0.0009765625)]
    [InlineData(6, 10, 0.5, 0.623046875)]
    [InlineData(9, 10, 0.9, 0.2639010709)]
    [InlineData(125_001, 250_000, 0.5, 0.50079788)]
    public void Coverage_OfWholeRanks_IsTheBinomialDistribution(int rank, int n, double p, double expected) =>
        Assert.Equal(expected, OrderStatistics.Coverage(rank, n, p), 7);

    [Theory]
    [InlineData(1, 1, 0.3, 0.3)]
    [InlineData(2, 3, 0.25, 0.26171875)]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(0.5, 2, 0.1, 0.45853026)]
    public void Beta_OfKnownValues_IsExact(double a, double b, double x, double expected) =>
        Assert.Equal(expected, BetaDistribution.Cdf(x, a, b), 7);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(10, 0)]
    [InlineData(10, 1)]
    public void UpperRank_OutOfRange_Throws(int n, double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OrderStatistics.UpperRank(n, p, 0.95));
}
