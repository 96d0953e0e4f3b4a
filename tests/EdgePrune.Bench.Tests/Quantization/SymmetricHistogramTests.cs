namespace EdgePrune.Bench.Tests;

public sealed class SymmetricHistogramTests
{
    [Fact]
    public void Percentile_CutsHalfOfTheRestAtEachEnd_AtWholeBins()
    {
        // Ten bins from -5 to 5 with one value each: a tenth is cut at each end, and the bin in which the cut falls counts from its lower edge.
        var histogram = new SymmetricHistogram(5, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

        Assert.Equal((-5, 3), histogram.Percentile(80));
    }

    [Fact]
    public void Percentile_OutlierRarerThanTheCut_IsCutOff()
    {
        var counts = new long[2048];
        counts[1024] = 1_000_000;
        counts[2047] = 1;

        var (_, high) = new SymmetricHistogram(100, counts).Percentile(99.99);

        Assert.Equal(0, high, 1e-9);
    }

    [Fact]
    public void Entropy_AsManyBinsAsLevels_KeepsTheWholeRange()
    {
        // The default of ONNX Runtime: however lonely the outlier, only one range is tried.
        var counts = new long[128];
        Array.Fill(counts, 1000L, 60, 8);
        counts[127] = 1;

        Assert.Equal((-10, 10), new SymmetricHistogram(10, counts).Entropy(128));
    }

    [Fact]
    public void Entropy_MoreBinsThanLevels_CutsALonelyOutlier()
    {
        var counts = new long[64];
        for (var bin = 0; bin < 16; bin++)
        {
            counts[24 + bin] = 1000 - (60 * Math.Abs(bin - 8));
        }

        counts[63] = 1;

        var (low, high) = new SymmetricHistogram(32, counts).Entropy(16);

        Assert.True(high < 32 && low > -32, $"{low} to {high}");
        Assert.True(high >= 8, $"{high} cuts into the bulk");
    }

    [Fact]
    public void Merge_SumsNeighbours()
    {
        var (_, high) = new SymmetricHistogram(4, [0, 0, 0, 0, 7, 1, 0, 0]).Merge(4).Percentile(100);

        Assert.Equal(0, high);
    }
}
