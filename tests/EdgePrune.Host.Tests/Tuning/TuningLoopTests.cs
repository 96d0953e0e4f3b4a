using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

public sealed class TuningLoopTests : IDisposable
{
    private readonly PlainBundler _bundler = new();

    [Fact]
    public async Task Run_WithABudgetThatCanBeMet_PicksTheMostAccurateThatMeetsIt_AndLeavesItActive()
    {
        var device = new SyntheticDevice(10);

        var result = await Tune(device, new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 50 });

        var report = result.Report;
        Assert.Equal(TuningOutcome.Converged, report.Outcome);
        Assert.True(report.PickedTrial!.Checks.All(c => c.Met));
        Assert.Equal(device.Installed[^1], report.PickedTrial.ModelSha256);
        Assert.Equal(device.Measurements, report.DeviceRuns);
        Assert.InRange(report.DeviceRuns, 2, 10);
        Assert.True(report.PickedTrial.Macs <= 0.6 * report.Original.Macs);
    }

    [Fact]
    public async Task Run_WithABudgetNobodyMeets_IsInfeasible_AndTheNearestMissIsActive()
    {
        var device = new SyntheticDevice(10);

        var result = await Tune(device, new Budget { LatencyP95 = Percent(1), MaxAccuracyLoss = 100 });

        Assert.Equal(TuningOutcome.Infeasible, result.Report.Outcome);
        Assert.Equal(device.Installed[^1], result.Report.PickedTrial!.ModelSha256);
        Assert.Equal(result.Report.Trials.Where(t => t.Profile is not null).Min(t => t.Macs), result.Report.PickedTrial.Macs);
    }

    [Fact]
    public async Task Run_WhenTheOriginalMeetsTheBudget_TriesNothing()
    {
        var device = new SyntheticDevice(10);

        var result = await Tune(device, new Budget { LatencyP95 = Percent(110) });

        Assert.Equal(0, result.Report.Picked);
        Assert.Empty(result.Report.Trials);
        Assert.Equal(1, device.Measurements);
    }

    [Fact]
    public async Task Run_WhenAccuracyForbidsWhatTheHostKnows_SendsNothingToTheDevice()
    {
        var device = new SyntheticDevice(10);

        var result = await Tune(device, new Budget { FileSize = Percent(0.1), MaxAccuracyLoss = 100 });

        Assert.Equal(1, device.Measurements);
        Assert.All(result.Report.Trials, t => Assert.Equal(TrialStatus.RefusedByHost, t.Status));
        Assert.Null(result.Report.Picked);
    }

    [Fact]
    public async Task Run_WhenTheDeviceRefusesACandidate_RecordsItAndGoesOn()
    {
        var device = new SyntheticDevice(10) { Refuses = run => run == 2 };

        var result = await Tune(device, new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 100 });

        var failed = Assert.Single(result.Report.Trials, t => t.Status == TrialStatus.FailedOnDevice);
        Assert.Contains("EP6001", failed.Failure, StringComparison.Ordinal);
        Assert.NotEqual(failed.Index, result.Report.Picked);
    }

    [Fact]
    public async Task Run_WhenARunIsInvalid_MeasuresAgain_AndCountsIt()
    {
        var clock = new FakeTimeProvider();
        var device = new SyntheticDevice(10) { Disturbed = run => run == 1 };

        var tuning = Tune(device, new Budget { LatencyP95 = Percent(110) }, clock: clock);
        while (!tuning.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(2, (await tuning).Report.DeviceRuns);
        Assert.Equal(RunValidity.Valid, (await tuning).Report.Original.Profile!.Verdict.Validity);
    }

    [Fact]
    public async Task Run_WhenTheLastBundlePushedIsNotThePick_InstallsThePickAgain()
    {
        var device = new SyntheticDevice(10) { FailsAfterInstall = run => run > 2 };

        var result = await Tune(device, new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 100 });

        Assert.NotNull(result.Report.PickedTrial);
        Assert.Equal(device.Installed[^1], result.Report.PickedTrial.ModelSha256);
    }

    [Fact]
    public async Task Run_NeverExceedsTheAllowedDeviceRuns()
    {
        var device = new SyntheticDevice(10);

        var result = await Tune(device, new Budget { LatencyP95 = Percent(30), MaxAccuracyLoss = 100 }, maxRuns: 3);

        Assert.InRange(device.Measurements, 1, 3);
        Assert.Equal(TuningOutcome.OutOfRuns, result.Report.Outcome);
    }

    [Fact]
    public async Task Run_Twice_GivesTheSameModels()
    {
        var (first, second) = (new SyntheticDevice(10), new SyntheticDevice(10));

        await Tune(first, new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 50 });
        await Tune(second, new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 50 });

        Assert.Equal(first.Installed, second.Installed);
    }

    [Fact]
    public async Task Run_WithATrainer_TrainsEachRateOnceForAllPrecisions()
    {
        var model = TestModels.MnistCnnLike();
        var samples = RandomSamples.For(model, 64);
        var trainer = FakeTrainer.Idle();
        var options = new TuningOptions
        {
            Budget = new Budget { LatencyP95 = Percent(60), MaxAccuracyLoss = 100 },
            Compression = new CompressionOptions { Recovery = new RecoveryChoice(RecoveryKind.Distill, new FineTuneRecipe()) },
        };
        var loop = new TuningLoop(new SyntheticDevice(10), _bundler, new AgreementEvaluator(OnnxFile.ToBytes(model), samples), TimeProvider.System) { Trainer = trainer };

        var result = await loop.RunAsync(model, samples, options, null, TestContext.Current.CancellationToken);

        var rates = result.Report.Trials.Where(t => t.Rate > 0).Select(t => t.Rate).Distinct().Count();
        Assert.InRange(rates, 2, trainer.Asked.Count);
        Assert.Equal(trainer.Asked.Select(a => a.Student.ParameterCount).Distinct().Count(), trainer.Asked.Count);
    }

    [Fact]
    public async Task Run_WithAnUnsoundBudget_NamesEveryFault()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Tune(new SyntheticDevice(10), new Budget { LatencyP95 = new Limit(LimitKind.Duration, 0), FileSize = new Limit(LimitKind.Duration, 1) }));

        Assert.Equal(ErrorCode.ImpossibleBudget, error.Code);
        Assert.Contains("latencyP95", error.Message, StringComparison.Ordinal);
        Assert.Contains("fileSize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LatencyUpperBound_WhenWindowsDisagree_IsWiderThanTheOrderStatistic()
    {
        var steady = SyntheticDevice.Report(new ProfileSettings(), "x", 1, TimeSpan.FromMilliseconds(1));
        var shaky = steady with { Windows = [.. new[] { 0.7, 0.9, 1.0, 1.1, 1.3 }.Select(f => new WindowStatistics(60, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(f), 0))] };

        Assert.Equal(1.02e-3, BudgetJudge.LatencyUpperBound(steady)!.Value, 1e-9);
        Assert.Equal(1e-3 * (1 + (1.645 * Math.Sqrt(0.2 / 4 / 5))), BudgetJudge.LatencyUpperBound(shaky)!.Value, 1e-6);
    }

    public void Dispose() => _bundler.Dispose();

    private async Task<TuningResult> Tune(SyntheticDevice device, Budget budget, int maxRuns = 10, TimeProvider? clock = null)
    {
        var model = TestModels.MnistCnnLike();
        var samples = RandomSamples.For(model, 64);
        var options = new TuningOptions { Budget = budget, MaxDeviceRuns = maxRuns, Precisions = [Precision.Float32] };
        var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(model), samples);
        return await new TuningLoop(device, _bundler, evaluator, clock ?? TimeProvider.System).RunAsync(model, samples, options, null, TestContext.Current.CancellationToken);
    }

    private static Limit Percent(double percent) => new(LimitKind.Relative, percent / 100);
}
