using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Host.Tests;

/// <summary>The search over precisions, on a device whose time is what reading the weights takes.</summary>
public sealed class TunedPrecisionTests : IDisposable
{
    private readonly PlainBundler _bundler = new();
    private readonly List<string> _steps = [];

    [Fact]
    public async Task Run_RecurrentModel_DynamicWins()
    {
        var device = Reading();

        var report = (await Tune(SequenceModels.Recurrent(), device, new TuningOptions { Budget = Fast(45), MaxDeviceRuns = 30 })).Report;

        Assert.Equal(TuningOutcome.Converged, report.Outcome);
        Assert.Equal((Precision.Dynamic, TrialStatus.MeetsBudget), (report.PickedTrial!.Precision, report.PickedTrial.Status));
        Assert.Equal(0, report.PickedTrial.Rate);
        Assert.NotNull(report.PickedTrial.Profile);
        Assert.Equal(device.Installed[^1], report.PickedTrial.ModelSha256);
        Assert.All(["float32: measuring accuracy", "dynamic: measuring accuracy", "int8: quantizing"], s => Assert.Contains($"rate 0, {s}", _steps));
        Assert.Empty(report.LeftOut);
        Assert.Equal(report.DeviceRuns, device.Measurements);
    }

    [Fact]
    public async Task Run_NamedPrecisions_AreEachSentAndJudged()
    {
        // Nobody meets the budget: each is measured at each rate that is tried.
        var options = new TuningOptions { Budget = Fast(0.1), MaxDeviceRuns = 100, MaxRate = 0.05, Precisions = [Precision.Float16, Precision.Weights4, Precision.Dynamic] };

        var report = (await Tune(SequenceModels.Dense(64), Reading(), options)).Report;

        Assert.Equal(TuningOutcome.Infeasible, report.Outcome);
        Assert.All(report.Trials.GroupBy(t => t.Rate), g => Assert.Equal([Precision.Dynamic, Precision.Float16, Precision.Weights4], g.Select(t => t.Precision).Order()));
        Assert.All(report.Trials, t => Assert.NotNull(t.Profile));
        var sizes = report.Trials.Where(t => t.Rate == report.Trials[0].Rate).ToDictionary(t => t.Precision, t => t.FileSize.Bytes);
        Assert.True(sizes[Precision.Weights4] < sizes[Precision.Dynamic] && sizes[Precision.Dynamic] < sizes[Precision.Float16] && sizes[Precision.Float16] < report.Original.FileSize.Bytes);
    }

    [Fact]
    public async Task Run_PrecisionsOfOnePlan_ArePrunedAndRepairedOnce()
    {
        var options = new TuningOptions { Budget = Fast(0.1), MaxDeviceRuns = 100, MaxRate = 0.3, Precisions = [Precision.Float32, Precision.Float16, Precision.Weights8, Precision.Dynamic] };

        var report = (await Tune(SequenceModels.Dense(64), Reading(), options)).Report;

        Assert.Equal(4 * report.Trials.Select(t => t.Rate).Distinct().Count(), report.Trials.Count);
        Assert.Equal(report.Trials.Select(t => t.Rate).Distinct().Count(), _steps.Count(s => s.EndsWith(": recovering", StringComparison.Ordinal)));

        // What is kept for the next precision is what a pipeline of its own makes.
        var model = SequenceModels.Dense(64);
        foreach (var trial in report.Trials)
        {
            var alone = await CompressionPipeline.RunAsync(model, RandomSamples.For(model, 64), new CompressionOptions { Rate = trial.Rate, Precision = trial.Precision }, null, TestContext.Current.CancellationToken);
            Assert.Equal(trial.ModelSha256, SyntheticDevice.Digest(alone.Bytes.Span));
        }
    }

    [Fact]
    public async Task Run_ConversionThatChangesNothing_IsLeftOutWithTheReason()
    {
        GraphBuilder g = new(3);
        g.Output(g.Conv(g.Relu(g.Conv(g.Input(1, 1, 8, 8), 16)), 8));
        var options = new TuningOptions { Budget = Fast(0.1), MaxDeviceRuns = 100, MaxRate = 0.1, Precisions = [Precision.Float32, Precision.Weights8] };

        var report = (await Tune(g.Build(), Reading(), options)).Report;

        var left = Assert.Single(report.LeftOut);
        Assert.Equal(Precision.Weights8, left.Precision);
        Assert.Contains("Only MatMul and Gemm", left.Reason, StringComparison.Ordinal);
        Assert.All(report.Trials, t => Assert.Equal(Precision.Float32, t.Precision));
    }

    [Fact]
    public async Task Run_NothingButConversionsThatChangeNothing_IsRefusedBeforeAnythingIsMeasured()
    {
        var device = Reading();
        var options = new TuningOptions { Precisions = [Precision.Weights8, Precision.Dynamic] };

        var error = await Assert.ThrowsAsync<InputException>(() => Tune(SequenceModels.Dense(16), device, options));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("weights8: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("dynamic: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Measurements);
    }

    [Fact]
    public async Task Run_RateAtWhichNothingIsLeftToConvert_TriesTheFloatModelOnce()
    {
        // 32 by 40 weights can be rounded, half of them no more.
        GraphBuilder g = new(5);
        g.Output(g.MatMul(g.Relu(g.MatMul(g.BatchInput(32), 40)), 4));
        var options = new TuningOptions { Budget = Fast(0.1) with { FileSize = null }, MaxDeviceRuns = 100, Precisions = [Precision.Float32, Precision.Dynamic] };

        var report = (await Tune(g.Build(), Reading(), options)).Report;

        Assert.Contains(report.Trials, t => t.Rate < 0.2 || t.Precision == Precision.Float32);
        Assert.All(report.Trials.Where(t => t.Rate > 0.3).GroupBy(t => t.Rate), r => Assert.Equal(Precision.Float32, Assert.Single(r).Precision));
        Assert.Contains(_steps, s => s.EndsWith("dynamic: left out, as nothing that is left can be converted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ModelOfConvolutions_TriesFloatAndInt8AsEver()
    {
        var report = (await Tune(TestModels.MnistCnnLike(), Reading(), new TuningOptions { Budget = Fast(0.1), MaxDeviceRuns = 100, MaxRate = 0.05 })).Report;

        Assert.All(report.Trials.GroupBy(t => t.Rate), g => Assert.Equal([Precision.Float32, Precision.Int8], g.Select(t => t.Precision).Order()));
    }

    public void Dispose() => _bundler.Dispose();

    private static SyntheticDevice Reading() => new(10) { CostOf = m => m.Graph.Initializers.Sum(v => (double)v.Constant!.Bytes.Length) };

    private static Budget Fast(double percent) => new() { LatencyP95 = new Limit(LimitKind.Relative, percent / 100), MaxAccuracyLoss = 100 };

    private Task<TuningResult> Tune(Model model, SyntheticDevice device, TuningOptions options)
    {
        var samples = RandomSamples.For(model, 64);
        var loop = new TuningLoop(device, _bundler, new AgreementEvaluator(OnnxFile.ToBytes(model), samples), new FakeTimeProvider());
        return loop.RunAsync(model, samples, options, new Steps(_steps), TestContext.Current.CancellationToken);
    }

    private sealed class Steps(List<string> steps) : IProgress<TuningEvent>
    {
        public void Report(TuningEvent value)
        {
            if (value is TuningEvent.StepStarted step)
            {
                steps.Add(step.Text);
            }
        }
    }
}
