using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Cli.Tests;

public sealed class BenchRulesTests
{
    private static readonly BenchRules Rules = BenchRules.MlperfTiny;

    [Fact]
    public async Task PerSecond_ByMlperfTiny_IsTheMedianOfFiveRunsByTheirTime()
    {
        var runs = await MeasureAsync(macs: 1e8);
        double[] rates = [.. runs.Select(r => r.Latency.Count / r.Latency.Total!.Value.TotalSeconds).Order()];

        Assert.Equal(5, rates.Distinct().Count());
        Assert.Equal(rates[2], Rules.PerSecond(runs)!.Value, 6);
        Assert.Null(Rules.Fault(runs));
        Assert.Null(BenchRules.Default.PerSecond(runs));
        Assert.All(runs, r => Assert.True(r.Latency.Total >= TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(3e5)]
    [InlineData(1e8)]
    [InlineData(1.5e10)]
    public async Task Fault_OfModelsFromTwentyMicrosecondsToSeconds_IsNone(double macs)
    {
        var runs = await MeasureAsync(macs);

        Assert.True(Rules.Fault(runs) is null, $"{runs[0].Latency.Mean}: {Rules.Fault(runs)}");
        Assert.All(runs, r => Assert.InRange(r.Latency.Count / (r.Latency.EveryNth ?? 1), 10, 250_000));
        Assert.All(runs, r => Assert.Equal(1, r.Settings.FreeDimension));
    }

    [Fact]
    public async Task PerSecond_OfAModelBelowFortyMicroseconds_CountsEveryInferenceOfTheTenSeconds()
    {
        var runs = await MeasureAsync(macs: 1e4);

        Assert.All(runs, r => Assert.True(r.Latency.Mean < TimeSpan.FromMicroseconds(40), $"{r.Latency.Mean}"));
        Assert.All(runs, r => Assert.InRange(r.Latency.Total!.Value, TimeSpan.FromSeconds(10.4), TimeSpan.FromSeconds(10.6)));
        Assert.All(runs, r => Assert.Equal(r.Latency.Count, r.Windows.Sum(w => w.Count)));
        Assert.All(runs, r => Assert.True(r.Latency.EveryNth >= 2));
        var middle = BenchRules.Together(runs).Latency;
        Assert.Equal(middle.Count / middle.Total!.Value.TotalSeconds, Rules.PerSecond(runs));
    }

    [Fact]
    public async Task Fault_OfARunWhoseInferencesTookLessThanTenSeconds_SaysSo()
    {
        var runs = await MeasureAsync(macs: 1e4);
        var swift = runs[3] with { Latency = runs[3].Latency with { Total = runs[3].Latency.Total * 0.9 } };

        var fault = Rules.Fault([.. runs.Take(3), swift, runs[4]]);

        Assert.Contains($"A run has {swift.Latency.Count} inferences, which took 9.4", fault, StringComparison.Ordinal);
        Assert.Contains("too fast to time each of them", fault, StringComparison.Ordinal);
        Assert.Null(Rules.PerSecond([.. runs.Take(4), swift]));
    }

    [Fact]
    public async Task Fault_OfReportsThatTellNoTotal_TakesNumberTimesMean()
    {
        var runs = await MeasureAsync(macs: 1e8);
        ProfileReport[] older = [.. runs.Select(r => r with { Latency = r.Latency with { Total = null } })];

        Assert.Null(Rules.Fault(older));
        Assert.Equal(Rules.PerSecond(runs)!.Value, Rules.PerSecond(older)!.Value, 1.0);
        Assert.Null(Rules.Fault([.. older.Take(4), older[4] with { Latency = older[4].Latency with { Count = long.MaxValue } }]));
    }

    [Fact]
    public async Task Fault_OfTooFewRunsOrInferences_SaysSo()
    {
        var runs = await MeasureAsync(macs: 1e8);
        var few = runs[4] with { Latency = runs[4].Latency with { Count = 9 } };

        Assert.Contains("A run has 9 inferences", Rules.Fault([.. runs.Take(4), few]), StringComparison.Ordinal);
        Assert.Contains("There are 4 runs", Rules.Fault([.. runs.Take(4)]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Together_OfRunsOfWhichOneIsInvalid_IsTheMiddleOneAndInvalid()
    {
        var runs = await MeasureAsync(macs: 1e8);
        var spoilt = runs[0] with { Verdict = new RunVerdict(RunValidity.Invalid, ["It was hot."]) };

        var together = BenchRules.Together([spoilt, .. runs.Skip(1)]);

        Assert.Equal(runs.Select(r => r.Latency.Mean).Order().ElementAt(2), together.Latency.Mean);
        Assert.Equal(RunValidity.Invalid, together.Verdict.Validity);
        Assert.Contains("It was hot.", together.Verdict.Reasons);
    }

    [Fact]
    public async Task Run_ByMlperfTiny_MeasuresEveryModelFiveTimesInRoundsAndKeepsEachRun()
    {
        using var setup = new BenchSetup();
        using var stop = new CancellationTokenSource();
        var (first, second) = (new CountingProfiler { Cut = (7, stop) }, new CountingProfiler());
        var plan = (IModelProfiler profiler) => new BenchPlan(setup.Models, [Rules.Settings(TimeSpan.FromSeconds(1))], [new LocalPlace(profiler, _ => "f")], Rules);
        var run = (IModelProfiler profiler, CancellationToken ct) => new BenchRun(plan(profiler), new BenchStore(setup.Folder), new FakeTimeProvider()).RunAsync(new Progress<string>(), ct);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run(first, stop.Token));
        var report = await run(second, TestContext.Current.CancellationToken);

        Assert.Equal((7, 3, 10), (first.Measured.Count, second.Measured.Count, setup.Cells.Length));
        Assert.All(first.Measured.Concat(second.Measured).Chunk(2), round => Assert.Equal(2, round.Distinct().Count()));
        Assert.Equal(2, report.Rows.Count);
        Assert.All(report.Rows, r => Assert.True(r.InferencesPerSecond > 0, r.RulesNotMet));
        Assert.Null(report.Rows[1].NotCompared);
    }

    private static async Task<IReadOnlyList<ProfileReport>> MeasureAsync(double macs)
    {
        List<ProfileReport> runs = [];
        foreach (var seed in Enumerable.Range(1, Rules.Runs))
        {
            runs.Add(await new SyntheticProfiler(new SyntheticDevice(), _ => new SyntheticWork([8], [macs], 1000, 1000), seed)
                .ProfileAsync("model", Rules.Settings(TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken));
        }

        return runs;
    }
}
