using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class SettingsSweepTests
{
    private sealed class TableProfiler(Func<ProfileSettings, double> microseconds) : IModelProfiler
    {
        public Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken) =>
            Task.FromResult(MadeReport.Of(microseconds(settings), settings, spread: 2));
    }

    private static IReadOnlyList<ProfileSettings> ThreadsAndSpin(int processors = 4) =>
        SettingsSweep.Candidates(new ProfileSettings(), ["threads", "spin"], processors);

    [Fact]
    public void Candidates_OfThreadsAndSpinning_LeaveOutSpinningAlone() =>
        Assert.Equal([(1, false), (2, false), (2, true), (4, false), (4, true)], ThreadsAndSpin().Select(c => (c.Threads, c.Spinning)));

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(6, new[] { 1, 2, 4, 6 })]
    [InlineData(128, new[] { 1, 2, 4, 8, 16, 32, 64 })]
    public void Candidates_OfThreads_DoubleUpToTheProcessors(int processors, int[] threads) =>
        Assert.Equal(threads, SettingsSweep.Candidates(new ProfileSettings(), ["threads"], processors).Select(c => c.Threads));

    [Fact]
    public void Candidates_OfAllAxes_AreSoundAndDifferent()
    {
        var all = SettingsSweep.Candidates(new ProfileSettings(), [.. SettingsSweep.Names], 2);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, s => Assert.Empty(s.Validate()));
        Assert.Equal(3 * 16, all.Count);
    }

    [Fact]
    public void Candidates_OfAnUnknownAxis_NameTheKnown() =>
        Assert.Contains("threads, spin", Assert.Throws<InputException>(() => SettingsSweep.Candidates(new ProfileSettings(), ["affinity"], 4)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_WithAClearWinner_PicksIt()
    {
        List<int> seen = [];
        var sweep = new SettingsSweep(new TableProfiler(s => (100.0 / s.Threads) - (s.Spinning ? 10 : 0)));
        var report = await sweep.RunAsync("m", ThreadsAndSpin(), new Watched(seen), TestContext.Current.CancellationToken);
        Assert.Equal(4, report.Best);
        Assert.True(report.Trials[4].Settings.Spinning);
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task RunAsync_WhenMoreThreadsGainNothing_PicksTheCheaper()
    {
        var sweep = new SettingsSweep(new TableProfiler(s => s.Threads == 1 ? 100 : s.Spinning ? 49 : 50));
        var report = await sweep.RunAsync("m", ThreadsAndSpin(), progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(1, report.Best);
        Assert.Contains("trial 3", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pick_OfInvalidTrials_PicksNone()
    {
        var report = SettingsSweep.Pick([MadeReport.Of(10, validity: RunValidity.Invalid)]);
        Assert.Null(report.Best);
        Assert.Contains("No trial", report.Reason, StringComparison.Ordinal);
    }

    private sealed class Watched(List<int> seen) : IProgress<ProfileReport>
    {
        public void Report(ProfileReport value) => seen.Add(value.Settings.Threads);
    }
}
