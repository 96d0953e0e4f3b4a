namespace EdgePrune.Profiler.Tests;

public sealed class SchedulerWaitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private void Write(string thread, string text) => _folder.Write(thread == "own" ? "/proc/thread-self/schedstat" : $"/proc/self/task/{thread}/schedstat", text);

    private SchedulerWait? Watch(params string[] older) => SchedulerWait.Of(_folder.Files, [.. older.Select(t => $"/proc/self/task/{t}")]);

    [Fact]
    public void Read_OfTheCallingThreadAndNewerOnes_IsTheirSum()
    {
        Write("own", "900 10 3\n");
        Write("7", "900 10 3\n");
        Write("8", "50 200 4\n");
        Write("9", "60 4000 4\n");
        using var wait = Watch("7", "8")!;
        Assert.Equal(4010, wait.Read());
        Write("9", "61 4005 5\n");
        Assert.Equal(4015, wait.Read());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0 0 0\n")]
    [InlineData("")]
    [InlineData("1 2\n")]
    [InlineData("1 2 3 4\n")]
    [InlineData("1 -2 3\n")]
    [InlineData("1,2,3\n")]
    [InlineData("one two three\n")]
    [InlineData("99999999999999999999999999 99999999999999999999999999 99999999999999999\n")]
    public void Of_AKernelThatDoesNotCount_IsNone(string? text)
    {
        if (text is not null)
        {
            Write("own", text);
        }

        Assert.Null(Watch());
    }

    [Fact]
    public void Read_OfAThreadThatEnded_KeepsWhatItHad()
    {
        Write("own", "900 10 3\n");
        Write("9", "60 4000 4\n");
        using var wait = Watch()!;
        Assert.Equal(4010, wait.Read());
        Write("9", "");
        Write("own", "900 30 3\n");
        Assert.Equal(4030, wait.Read());
    }

    [Fact]
    public void Of_ThisMachine_GrowsAndNeverFalls()
    {
        var files = new SystemFiles();
        using var wait = SchedulerWait.Of(files, SchedulerWait.Threads(files));
        Assert.SkipWhen(wait is null, "This kernel does not count what threads wait.");
        var first = wait.Read();
        Assert.True(wait.Read() >= first);
    }

    private static MeasuredWindow Window(long from, long to, long? waited) => new(new RunTimes(2), from, to, 0, 0) { WaitedNanoseconds = waited };

    [Fact]
    public void Percent_OfWindows_LeavesOutWhatIsBetweenThem() =>
        // 10 and 30 of microseconds 100 and 300, at a clock of one tick a microsecond.
        Assert.Equal(10, SchedulerWait.Percent([Window(0, 100, 10_000), Window(5000, 5300, 30_000)], 1_000_000));

    [Fact]
    public void Percent_OfAWindowThatNobodyCounted_IsUnknown() =>
        Assert.Null(SchedulerWait.Percent([Window(0, 100, 10_000), Window(5000, 5300, null)], 1_000_000));

    [Fact]
    public void Percent_OfManyThreads_EndsAtHundred() => Assert.Equal(100, SchedulerWait.Percent([Window(0, 100, 500_000)], 1_000_000));

    public void Dispose() => _folder.Dispose();
}
