using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class WindowStageTests
{
    private static readonly WindowRules Rules = new(TimeSpan.FromSeconds(1), 60, 2000);

    private static IReadOnlyList<MeasuredWindow> Run(double microseconds, WindowRules? rules = null)
    {
        var clock = new ManualClock();
        return new WindowStage(clock, rules ?? Rules, windows: 5).Run(() => clock.Advance(microseconds));
    }

    [Theory]
    [InlineData(1_000, 1000)]
    [InlineData(100, 10_000)]
    [InlineData(50_000, 60)]
    [InlineData(400_000, 25)]
    [InlineData(1_000_000, 20)]
    [InlineData(10_000_000, 6)]
    [InlineData(40_000_000, 3)]
    public void Run_OfAModelOfThatSpeed_EndsAfterThatManyRuns(double microseconds, long runs)
    {
        var windows = Run(microseconds);
        Assert.Equal(5, windows.Count);
        Assert.All(windows, w => Assert.Equal(runs, w.Times.Count));
    }

    [Fact]
    public void Run_TimesEachRunAlone()
    {
        var window = Run(1234)[0];
        Assert.All(window.Nanoseconds(1_000_000, every: 1), ns => Assert.Equal(1_234_000, ns));
        Assert.Equal(0, window.AllocatedBytes);
    }

    [Fact]
    public void Run_OfAModelThatFillsItsMemory_LastsItsTimeAndKeepsEachNthRun()
    {
        var (clock, run) = (new ManualClock(), 0);
        var windows = new WindowStage(clock, Rules, windows: 5).Run(() => clock.Advance(50 + (run++ % 100)));

        Assert.All(windows, w => Assert.InRange(w.To - w.From, 1_000_000, 1_000_150));
        Assert.All(windows, w => Assert.Equal(8, w.Times.Stride));
        Assert.All(windows, w => Assert.Equal((int)(w.Times.Count / 8), w.Times.Kept.Length));
        Assert.All(windows, w => Assert.InRange(w.Times.Kept.Length, 1000, 2000));
        Assert.All(windows, w => Assert.Equal(w.To - w.From, w.Times.Sum));
        Assert.All(windows, w => Assert.Equal(50, w.Times.Shortest));
        Assert.All(windows, w => Assert.Equal(0, w.AllocatedBytes));
    }

    [Fact]
    public void Run_MoreThanOnce_BeginsAnew()
    {
        var clock = new ManualClock();
        var stage = new WindowStage(clock, Rules, windows: 1);
        stage.Run(() => clock.Advance(10));

        var window = stage.Run(() => clock.Advance(1_000))[0];

        Assert.Equal((1000, 1000, 1_000_000, 1), (window.Times.Count, window.Times.Shortest, window.Times.Sum, window.Times.Stride));
    }

    [Fact]
    public void Run_OfAnAllocatingModel_CountsItsBytes()
    {
        var clock = new ManualClock();
        var window = new WindowStage(clock, Rules, windows: 5).Run(() =>
        {
            clock.Advance(10_000);
            GC.KeepAlive(new byte[1000]);
        })[0];
        Assert.InRange(window.AllocatedBytes / (double)window.Times.Count, 1000, 1100);
    }

    [Fact]
    public void Run_OfACollectingModel_CountsItsCollectionsAndNotThoseBetweenTheWindows()
    {
        const int BetweenWindows = 2;
        var clock = new ManualClock();
        var before = GC.CollectionCount(0);

        var windows = new WindowStage(clock, Rules with { MinRuns = 2, Duration = TimeSpan.FromMilliseconds(1) }, windows: 5).Run(() =>
        {
            clock.Advance(10_000);
            GC.Collect(0);
        });

        // Collections are the whole process's, and other tests run at the same time: both bounds hold however many they cause.
        Assert.All(windows, w => Assert.True(w.Collections >= w.Times.Count));
        Assert.InRange(windows.Sum(w => w.Collections), 1, GC.CollectionCount(0) - before - (windows.Count * BetweenWindows));
    }

    [Fact]
    public void From_ManyWindows_KeepsTheBuffersSmall()
    {
        Assert.Equal(2500, WindowRules.From(new ProfileSettings { Windows = 100 }).Capacity);
        Assert.Equal(50_000, WindowRules.From(new ProfileSettings { MinRunsPerWindow = 70_000 }).Capacity);
    }
}
