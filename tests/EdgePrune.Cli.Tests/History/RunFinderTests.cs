using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli.Tests;

public sealed class RunFinderTests
{
    private static readonly string One = "abcd" + new string('1', 28);
    private static readonly string Two = "abcd" + new string('2', 28);

    [Fact]
    public async Task Find_WhatSeveralBeginWith_NamesThemAndAsksForMore()
    {
        var finder = new RunFinder([await Kept.OfAsync(One, Two)]);

        var refused = await Assert.ThrowsAsync<InputException>(() => finder.FindAsync("abcd", TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.UnknownRun, refused.Code);
        Assert.Contains($"{One} of board, {Two} of board", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RunFinder.Short(Two), (await finder.FindAsync("abcd2", TestContext.Current.CancellationToken)).Name);
    }

    [Fact]
    public async Task Find_InTwoHistories_LooksInBoth()
    {
        var finder = new RunFinder([await Kept.OfAsync(One), await Kept.OfAsync(Two)]);

        Assert.Equal(RunFinder.Short(One), (await finder.FindAsync("abcd1", TestContext.Current.CancellationToken)).Name);
        Assert.Equal(RunFinder.Short(Two), (await finder.FindAsync("ABCD2", TestContext.Current.CancellationToken)).Name);
        await Assert.ThrowsAsync<InputException>(() => finder.FindAsync("abcd", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Find_AReportWithoutAMedian_IsRefusedAsNoReport()
    {
        var finder = new RunFinder([await Kept.OfAsync(0, One)]);

        Assert.Contains("is no report", (await Assert.ThrowsAsync<InputException>(() => finder.FindAsync(One, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    private sealed class Kept(IReadOnlyList<MeasuredRun> runs) : IRunHistory
    {
        public static Task<Kept> OfAsync(params string[] ids) => OfAsync(1, ids);

        public static async Task<Kept> OfAsync(double factor, params string[] ids)
        {
            var report = await HistoryFixture.ReportAsync(1, factor);
            return new Kept([.. ids.Select(id => new MeasuredRun(Summarize(id, report), report))]);
        }

        public Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunFilter filter, int most, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<RunSummary>>([.. runs.Select(r => r.Summary).Where(s => s.Id.StartsWith(filter.IdStart!, StringComparison.Ordinal)).Take(most)]);

        public Task<MeasuredRun> ReadRunAsync(string id, CancellationToken ct) => Task.FromResult(runs.Single(r => r.Summary.Id == id));

        private static RunSummary Summarize(string id, ProfileReport report) => new()
        {
            Id = id,
            DeviceId = "1",
            Device = "board",
            StartedAt = report.StartedAt,
            KeptAt = report.StartedAt,
            ModelSha256 = report.ModelSha256,
            Settings = report.Settings,
            Fingerprint = report.Conditions.Fingerprint,
            P50 = report.Latency.P50,
            Validity = report.Verdict.Validity,
        };
    }
}
