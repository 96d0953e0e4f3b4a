namespace EdgePrune.Profiler.Tests;

public sealed class ThinningSeriesTests
{
    private static ThinningSeries<long> Of(int capacity, int count)
    {
        var series = new ThinningSeries<long>(capacity);
        for (var i = 1; i <= count; i++)
        {
            series.Add(i);
        }

        return series;
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void Values_AfterAnyNumber_AreEachNthFromTheFirst(int capacity)
    {
        for (var count = 0; count < 300; count++)
        {
            var series = Of(capacity, count);
            Assert.Equal(Enumerable.Range(1, count / series.Stride).Select(i => (long)i * series.Stride), series.Values.ToArray());
            Assert.InRange(series.Values.Length, Math.Min(count, capacity / 2), capacity);
        }
    }

    [Fact]
    public void Add_UntilItIsFull_DropsNothing() => Assert.Equal((1, 8), (Of(8, 8).Stride, Of(8, 8).Values.Length));

    [Fact]
    public void Add_BeyondFull_HalvesWhenTheNextValueIsDue()
    {
        Assert.Equal([8, 16, 24, 32, 40, 48, 56, 64], Of(8, 71).Values.ToArray());
        Assert.Equal([16, 32, 48, 64], Of(8, 72).Values.ToArray());
    }

    [Fact]
    public void Clear_AfterThinning_BeginsAnew()
    {
        var series = Of(8, 100);
        series.Clear();
        series.Add(7);
        Assert.Equal((1, 7), (series.Stride, series.Values[0]));
    }

    [Fact]
    public void Create_WithoutRoomForTwo_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new ThinningSeries<long>(1));
}
