namespace EdgePrune.Host.Tests;

public sealed class ValueHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Quantile_AgainstAnExactSort_DiffersByAtMostABin(int seed)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, 50_000).Select(_ => (float)((random.NextDouble() * random.NextDouble() * 12) - 3)).ToArray();
        var histogram = Filled(values);
        var sorted = values.Order().ToArray();

        foreach (var share in new[] { 0.00005, 0.001, 0.1, 0.5, 0.9, 0.999, 0.99995 })
        {
            var exact = sorted[(int)Math.Clamp(Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
            Assert.InRange(histogram.Quantile(share), exact - histogram.Width, exact + histogram.Width);
        }
    }

    [Fact]
    public void Add_ValuesThatOutgrowTheBinsManyTimes_KeepsEveryCountAndSide()
    {
        var histogram = new ValueHistogram();
        for (var exponent = -140; exponent <= 120; exponent += 10)
        {
            histogram.Add([MathF.ScaleB(1.5f, exponent), -MathF.ScaleB(1.5f, exponent), -MathF.ScaleB(1.5f, exponent), 0]);
        }

        var bins = histogram.Bins;
        Assert.Equal(27 * 4, histogram.Count);
        Assert.Equal(histogram.Count, Sum(bins));
        Assert.Equal(27 * 2, Sum(bins[..(bins.Length / 2)]));
    }

    [Fact]
    public void Add_MoreAndMoreValues_UsesTheSameBins()
    {
        var histogram = new ValueHistogram();
        var before = histogram.Bins.Length;
        for (var i = 1; i < 2000; i++)
        {
            histogram.Add([i * i, -i]);
        }

        Assert.Equal(before, histogram.Bins.Length);
        Assert.Equal(2 * 1999, histogram.Count);
        Assert.InRange(histogram.Quantile(1), 1999.0 * 1999, (1999.0 * 1999) + histogram.Width);
    }

    [Fact]
    public void Add_InAnotherOrder_GivesTheSameBins()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => MathF.Sin(i) * MathF.ScaleB(1, i % 30))];

        Assert.True(Filled(values).Bins.SequenceEqual(Filled([.. values.Reverse()]).Bins));
    }

    [Fact]
    public void Quantile_OnlyZeros_IsZero()
    {
        var histogram = new ValueHistogram();
        histogram.Add([0, 0, -0f]);

        Assert.Equal(0, histogram.Quantile(0.5), 1e-30);
    }

    private static ValueHistogram Filled(float[] values)
    {
        var histogram = new ValueHistogram();
        foreach (var batch in values.Chunk(97))
        {
            histogram.Add(batch);
        }

        return histogram;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
        {
            sum += count;
        }

        return sum;
    }
}
