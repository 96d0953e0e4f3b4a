namespace EdgePrune.Profiler.Tests;

public sealed class WindowSummaryTests
{
    private const long Frequency = 1_000_000;

    private static MeasuredWindow Window(int capacity, IEnumerable<long> microseconds)
    {
        var times = new RunTimes(capacity);
        foreach (var time in microseconds)
        {
            times.Add(time);
        }

        return new MeasuredWindow(times, 0, times.Sum, AllocatedBytes: 0, Collections: 0);
    }

    [Fact]
    public void Latency_OfWindowsThatKeptAll_RestsOnAllAndSaysNothingOfThinning()
    {
        var latency = WindowSummary.Latency([Window(1000, Numbers(1, 500)), Window(1000, Numbers(501, 500))], Frequency, 0.95);

        Assert.Null(latency.EveryNth);
        Assert.Equal(1000, latency.Count);
        Assert.Equal(TimeSpan.FromMicroseconds(500), latency.P50.Estimate);
        Assert.Equal(TimeSpan.FromMicroseconds(500.5), latency.Mean);
        Assert.Equal(TimeSpan.FromMicroseconds(1), latency.Min);
    }

    [Fact]
    public void Latency_OfWindowsThatKeptUnlike_CountsEachStretchOfRunsTheSame()
    {
        // The first keeps all of its 900 runs of 10 us, the second each fourth of its 2,100 of 20 us.
        MeasuredWindow[] windows = [Window(1000, Same(900, 10)), Window(1000, Same(2100, 20).Prepend(5))];
        Assert.Equal((1, 4), (windows[0].Times.Stride, windows[1].Times.Stride));

        var latency = WindowSummary.Latency(windows, Frequency, 0.95);

        Assert.Equal(4, latency.EveryNth);
        Assert.Equal(3001, latency.Count);
        // Kept as they are, 900 against 525 would put the median into the first window.
        Assert.Equal(TimeSpan.FromMicroseconds(20), latency.P50.Estimate);
        Assert.Equal(((900 * 10) + (2100 * 20) + 5) / 3001.0, latency.Mean.TotalMicroseconds, 1);
        Assert.Equal(TimeSpan.FromMicroseconds((900 * 10) + (2100 * 20) + 5), latency.Total);
        Assert.Equal(TimeSpan.FromMicroseconds(5), latency.Min);
    }

    [Fact]
    public void Latency_BesideAWindowOfThreeRuns_IsThatOfTheOther()
    {
        var latency = WindowSummary.Latency([Window(1000, Same(3, 900)), Window(1000, Same(20_000, 20))], Frequency, 0.95);

        Assert.Equal((20_003, 32), (latency.Count, latency.EveryNth));
        Assert.Equal(TimeSpan.FromMicroseconds(20), latency.P99!.Estimate);
    }

    [Fact]
    public void OfWindow_ThatWasThinned_CountsAllRunsAndHasTheFastest()
    {
        var window = WindowSummary.OfWindow(Window(1000, Same(4000, 20).Prepend(5)), Frequency);

        Assert.Equal(4001, window.Count);
        Assert.Equal(TimeSpan.FromMicroseconds(5), window.Min);
        Assert.Equal(TimeSpan.FromMicroseconds(20), window.P95);
    }

    [Fact]
    public void Percentiles_OfTenTimesTheMemory_AreNearThoseOfAll()
    {
        var random = new Random(4);
        long[] times = [.. Enumerable.Range(0, 100_000).Select(_ => 1000 + random.NextInt64(1000))];

        var thinned = WindowSummary.Latency([Window(10_000, times)], Frequency, 0.95);
        var whole = WindowSummary.Latency([Window(100_000, times)], Frequency, 0.95);

        Assert.Equal(16, thinned.EveryNth);
        Assert.Equal((whole.Count, whole.Mean, whole.Min), (thinned.Count, thinned.Mean, thinned.Min));
        Assert.Equal(whole.P50.Estimate.TotalMicroseconds, thinned.P50.Estimate.TotalMicroseconds, 30.0);
        Assert.Equal(whole.P99!.Estimate.TotalMicroseconds, thinned.P99!.Estimate.TotalMicroseconds, 15.0);
        Assert.True(thinned.P50.Upper - thinned.P50.Lower > whole.P50.Upper - whole.P50.Lower, $"{thinned.P50} against {whole.P50}");
    }

    private static IEnumerable<long> Numbers(long first, int count) => Enumerable.Range(0, count).Select(i => first + i);

    private static IEnumerable<long> Same(int count, long microseconds) => Enumerable.Repeat(microseconds, count);
}
