using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class PacerTests
{
    private static List<double> Starts(params double[] runMilliseconds)
    {
        var clock = new ManualClock();
        var pacer = new Pacer(clock, TimeSpan.FromMilliseconds(100), wait => clock.Advance(wait.TotalMicroseconds));
        List<double> starts = [];
        foreach (var run in runMilliseconds)
        {
            pacer.Next();
            starts.Add(clock.Seconds * 1000);
            clock.Advance(run * 1000);
        }

        return starts;
    }

    [Fact]
    public void Next_OfFastRuns_StartsOneEachPeriod() => Assert.Equal([0, 100, 200, 300], Starts(1, 99, 50, 1));

    [Fact]
    public void Next_AfterASlowRun_MovesTheLaterOnes() => Assert.Equal([0, 250, 350, 450], Starts(250, 10, 10, 1));

    [Fact]
    public void WindowStage_WithAPeriod_TimesTheRunsWithoutTheWaiting()
    {
        var clock = new ManualClock();
        var pacer = new Pacer(clock, TimeSpan.FromMilliseconds(50), wait => clock.Advance(wait.TotalMicroseconds));
        var stage = new WindowStage(clock, new WindowRules(TimeSpan.FromSeconds(1), 10, 1000), windows: 5) { Pacer = pacer };
        var windows = stage.Run(() => clock.Advance(2000));
        Assert.All(windows, w => Assert.InRange(w.Times.Count, 20, 21));
        Assert.All(windows[0].Times.Kept.ToArray(), t => Assert.Equal(2000, t));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Throughput_OfSeveralStreams_CountsAllTheirRuns(int streams)
    {
        var runs = 0;
        var stage = new ThroughputStage(TimeProvider.System, new ProfileSettings { Window = TimeSpan.FromMilliseconds(20) });
        var rate = stage.Window([.. Enumerable.Range(0, streams).Select(_ => (Action)(() => Interlocked.Increment(ref runs)))]);
        // The window lasts at least its 20 ms, so its rate is at most all its runs in that time.
        Assert.InRange(rate, 1, runs / 0.020);
    }

    [Fact]
    public void Throughput_WhenTheTimeIsOverBeforeAnyCallerBegins_CountsTheRunThatEachMakes()
    {
        var clock = new StridingClock(TimeSpan.FromSeconds(1));
        var runs = 0;

        var rate = new ThroughputStage(clock, new ProfileSettings { Window = TimeSpan.FromMilliseconds(20) })
            .Window([() => Interlocked.Increment(ref runs), () => Interlocked.Increment(ref runs)]);

        // The clock is read at the start, after the run of each caller, and at the end.
        Assert.Equal((2, 2 / 3.0), (runs, rate));
    }

    [Fact]
    public void Throughput_OfAStreamThatFails_ThrowsItsError()
    {
        var stage = new ThroughputStage(TimeProvider.System, new ProfileSettings { Window = TimeSpan.FromMilliseconds(5) });
        var error = new ModelException(ErrorCode.ModelRejected, "no");
        Assert.Same(error, Assert.Throws<ModelException>(() => stage.Window([() => throw error, () => { }])));
    }

    /// <summary>A machine so busy that a stride passes between any two looks at the clock.</summary>
    private sealed class StridingClock(TimeSpan stride) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _now, stride.Ticks);
    }
}
