using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

/// <summary>
/// Whether the bounds hold as often as they say. Each series comes from a known distribution; a bound at 95 % must lie on the right
/// side of the true percentile in 93 to 97 of 100 series. The short suite has fewer series and a wider band.
/// </summary>
public sealed class BoundCoverageTests
{
    private static int Series => LongSuite.IsOn ? 4000 : 500;

    // Three standard deviations of a share of 0.95 beside the band of 0.93 to 0.97, in the short suite only.
    private static double Slack => LongSuite.IsOn ? 0 : 3 * Math.Sqrt(0.95 * 0.05 / Series) - 0.02 + 0.005;

    private static double Quantile(double p) => p switch { 0.5 => 0, 0.9 => 1.2815515655, 0.95 => 1.6448536270, _ => 2.3263478740 };

    [Theory]
    [InlineData("independent", 100)]
    [InlineData("independent", 300)]
    [InlineData("independent", 400)]
    [InlineData("independent", 1000)]
    [InlineData("correlated 0.5", 2000)]
    [InlineData("correlated 0.8", 8000)]
    [InlineData("bimodal", 300)]
    [InlineData("bimodal", 1000)]
    public void Of_ManySeries_BoundsHoldAsOftenAsTheySay(string kind, int count)
    {
        var random = new SplitMix(20261130);
        double[] levels = [0.5, 0.9, 0.95, 0.99];
        int[] above = new int[levels.Length], below = new int[levels.Length], upperGiven = new int[levels.Length], lowerGiven = new int[levels.Length];
        for (var i = 0; i < Series; i++)
        {
            var summary = LatencySummary.Of(Draw(kind, random, count), 0.95);
            BoundedTime?[] bounds = [summary.P50, summary.P90, summary.P95, summary.P99];
            for (var level = 0; level < levels.Length; level++)
            {
                var truth = Truth(kind, levels[level]);
                upperGiven[level] += bounds[level]?.Upper is null ? 0 : 1;
                lowerGiven[level] += bounds[level]?.Lower is null ? 0 : 1;
                above[level] += bounds[level]?.Upper?.TotalNanoseconds >= truth ? 1 : 0;
                below[level] += bounds[level]?.Lower?.TotalNanoseconds <= truth ? 1 : 0;
            }
        }

        for (var level = 0; level < levels.Length; level++)
        {
            // What the number of runs cannot support is refused, in all series or nearly all; what it supports is given.
            Check($"{kind} {count} p{100 * levels[level]} upper", above[level], upperGiven[level], count >= 1.2 * OrderStatistics.MinimumCount(levels[level], 0.95) || count == 300);
            Check($"{kind} {count} p{100 * levels[level]} lower", below[level], lowerGiven[level], expected: count >= OrderStatistics.MinimumCount(levels[level], 0.95));
        }
    }

    private static void Check(string what, int held, int given, bool expected)
    {
        if (LongSuite.IsOn)
        {
            Console.Error.WriteLine($"{what}: {(given == 0 ? "refused" : $"{100.0 * held / given:0.0} % of {given}")}");
        }

        if (!expected || given < 0.9 * Series)
        {
            return;
        }

        var share = held / (double)given;
        Assert.True(share >= 0.93 - Math.Max(0, Slack) && share <= 0.97 + Math.Max(0, Slack), $"{what}: {share:0.000} of {given}");
    }

    [Theory]
    [InlineData(58)]
    [InlineData(298)]
    public void Of_TooFewRuns_RefusesInEverySeries(int count)
    {
        var random = new SplitMix(7);
        for (var i = 0; i < 200; i++)
        {
            var summary = LatencySummary.Of(Draw("independent", random, count), 0.95);
            Assert.Null(count < 59 ? summary.P95 : summary.P99);
        }
    }

    [Fact]
    public void Of_DriftingSeries_BoundsNeverHoldLessOftenThanTheySay()
    {
        // The percentile of a drifting series is that of all its moments together; bounds may be wider than needed, never narrower.
        var random = new SplitMix(8);
        int held = 0, given = 0;
        for (var i = 0; i < Series; i++)
        {
            double[] series = [.. Enumerable.Range(0, 1000).Select(t => 1e7 * (1 + (0.1 * t / 1000) + (0.02 * Noise.Normal(random))))];
            var upper = LatencySummary.Of(series, 0.95).P50.Upper;
            given += upper is null ? 0 : 1;
            held += upper?.TotalNanoseconds >= 1.05e7 ? 1 : 0;
        }

        Assert.True(held >= 0.93 * given, $"{held} of {given}");
    }

    private static double[] Draw(string kind, Random random, int count) => kind switch
    {
        "independent" => Scaled(Noise.Correlated(random, count, 0)),
        "correlated 0.5" => Scaled(Noise.Correlated(random, count, 0.5)),
        "correlated 0.8" => Scaled(Noise.Correlated(random, count, 0.8)),
        // Seven of ten runs near 100 µs, three near 130 µs: the median and the tail lie in one mode each.
        "bimodal" => [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() < 0.7 ? 1e7 : 1.3e7) + (1e5 * Noise.Normal(random)))],
        _ => throw new ArgumentException(kind),
    };

    // Milliseconds, so that ticks of 100 ns do not matter.
    private static double[] Scaled(double[] series) => [.. series.Select(v => 100 * v)];

    private static double Truth(string kind, double p) => kind == "bimodal" ? BimodalTruth(p) : 1e7 * Math.Exp(Quantile(p));

    private static double BimodalTruth(double p) => p switch
    {
        // The 5/7 quantile of the first mode; the 2/3, 5/6 and 29/30 quantiles of the second.
        0.5 => 1e7 + (1e5 * 0.5659488219),
        0.9 => 1.3e7 + (1e5 * 0.4307272993),
        0.95 => 1.3e7 + (1e5 * 0.9674215661),
        _ => 1.3e7 + (1e5 * 1.8339146358),
    };
}
