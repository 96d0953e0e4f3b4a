namespace EdgePrune.Bench.Tests;

public sealed class ValueRecordTests
{
    [Fact]
    public void Range_TwoSamples_KeepsExtremesAndTheirMeans()
    {
        var record = new ValueRecord { Shape = [1, 4] };

        record.Range([-1, 0, 2, 1]);
        record.Range([-3, 0, 1, 1]);

        Assert.Equal((-3f, 2f), (record.Low, record.High));
        Assert.Equal((-2.0, 1.5, 2.5), (record.MeanLow, record.MeanHigh, record.MeanMagnitude));
        Assert.Equal([-2, 0, 1.5, 1], record.ChannelMeans);
    }

    [Fact]
    public void ChannelMeans_Image_AreOverPixelsAndSamples()
    {
        var record = new ValueRecord { Shape = [1, 2, 1, 2] };

        record.Range([1, 3, 10, 20]);
        record.Range([5, 7, 30, 40]);

        Assert.Equal([4, 25], record.ChannelMeans);
    }

    [Fact]
    public void Parameters_OnlyZeros_AreThoseOfNoRange()
    {
        var record = new ValueRecord { Shape = [1, 2] };
        record.Range([0, 0]);

        Assert.All(RivalRecipe.All, r => Assert.Equal((1f, (sbyte)0), r.Parameters(record)));
    }

    [Fact]
    public void Parameters_MinMaxOfARectifiedValue_ZeroIsTheLowestInteger()
    {
        var record = new ValueRecord { Shape = [1, 2] };
        record.Range([0, 25.5f]);

        Assert.Equal((0.1f, sbyte.MinValue), RivalRecipe.All[0].Parameters(record));
    }
}
