using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using Microsoft.Extensions.Time.Testing;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>The loop: what it calls, when it stops, what it tells.</summary>
public sealed class TrainingRunTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 2, BatchSize = 10, LearningRate = 0.01, Threads = 1 };

    [TorchFact]
    public void Execute_SeesEverySampleOnceAnEpoch_InAnOrderOfTheSeedAndTheEpoch()
    {
        var first = Orders(Quick);

        Assert.Equal(2, first.Count);
        Assert.All(first, epoch => Assert.Equal(Enumerable.Range(0, 25), epoch.Order()));
        Assert.NotEqual(first[0], first[1]);
        Assert.Equal(first, Orders(Quick));
        Assert.NotEqual(first[0], Orders(Quick with { Seed = 2 })[0]);
    }

    [TorchFact]
    public void Execute_WithAValidationShare_LearnsNothingFromThoseSamples()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        Recorder objective = new(graph, Samples(25));
        SeenScore score = new([70, 80]);
        using var run = new TrainingRun(new TrainingTask(graph, Samples(25), objective, Quick with { ValidationShare = 0.2 }) { Score = score });

        var finished = run.Execute(default);

        Assert.All(objective.Seen.Chunk(20), epoch => Assert.Equal(20, epoch.Distinct().Count()));
        Assert.Equal(objective.Seen[..20].Order(), objective.Seen[20..].Order());
        Assert.Equal([5, 5], score.Counts);
        Assert.Equal([70.0, 80.0], finished.Epochs.Select(e => e.Score!.Value));
    }

    [TorchFact]
    public void Execute_ScoreByLabels_IsTheAccuracyInOnnxRuntime()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        var validation = SampleSubset.Range(Samples(60), 30, 30);
        using var run = new TrainingRun(Task(graph, SampleSubset.Range(Samples(60), 0, 30), Quick) with { Validation = validation });

        var score = run.Execute(default).Epochs[^1].Score;

        using var runner = new GraphRunner(graph.Export());
        var right = new SampleFeeder(graph.Export(), validation, 1).Batches().Count(b => runner.Run(b.Feeds)[0].ToFloats() is var s && Array.IndexOf(s, s.Max()) == validation.Labels![b.Start]);
        Assert.Equal(100.0 * right / 30, score);
    }

    [TorchFact]
    public void Execute_WithPatience_StopsAndTakesTheBestWeights()
    {
        byte[]? best = null;
        using var graph = new TorchGraph(TinyModels.Classifier());
        SeenScore score = new([50, 60, 55, 60, 90]);
        using var run = new TrainingRun(Task(graph, Samples(25), Quick with { Epochs = 5, ValidationShare = 0.2, Patience = 2 }) with
        {
            Score = score,
            Progress = new Watch(line => best = line is TrainingEpoch { Epoch: 2 } ? OnnxFile.ToBytes(graph.Export()) : best),
        });

        var finished = run.Execute(default);

        Assert.Equal((TrainingEnd.StoppedEarly, 4, 4), (finished.End, finished.Steps, finished.Epochs.Count));
        Assert.Contains("epoch 2", finished.Reason, StringComparison.Ordinal);
        Assert.Equal(best, OnnxFile.ToBytes(graph.Export()));
    }

    [TorchFact]
    public void Execute_WithPatienceToTheEnd_TakesTheBestWeightsToo_AndWithoutItTheLast()
    {
        int Steps(int patience)
        {
            using var graph = new TorchGraph(TinyModels.Classifier());
            using var run = new TrainingRun(Task(graph, Samples(25), Quick with { Epochs = 3, ValidationShare = 0.2, Patience = patience }) with { Score = new SeenScore([50, 60, 55]) });
            return run.Execute(default).Steps;
        }

        Assert.Equal((4, 6), (Steps(patience: 2), Steps(patience: 0)));
    }

    [TorchFact]
    public void Execute_CancelledWhileTheScoreIsTaken_KeepsTheEpochForLater()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        using var stop = new CancellationTokenSource();
        SeenScore score = new([50]) { Before = stop.Cancel };
        using var run = new TrainingRun(Task(graph, Samples(25), Quick with { ValidationShare = 0.2 }) with { Score = score });

        var finished = run.Execute(stop.Token);

        Assert.Equal((TrainingEnd.Cancelled, 2, 0), (finished.End, finished.Steps, finished.Epochs.Count));
    }

    [TorchFact]
    public void Execute_PenaltiesAndActions_WorkOnceAStep()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        List<(int, int)> acted = [];
        HalfOfL2 penalty = new(graph);
        using var run = new TrainingRun(Task(graph, Samples(25), Quick) with { Penalties = [penalty], Actions = [new Act((step, steps) => acted.Add((step, steps)))] });
        var before = penalty.Now();

        run.Execute(default);

        Assert.Equal(Enumerable.Range(1, 6).Select(s => (s, 6)), acted);
        Assert.True(penalty.Now() < 0.95 * before, $"{before} -> {penalty.Now()}");
    }

    [TorchFact]
    public void Execute_KeptTensors_GoBackWithTheWeights()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        using var range = torch.zeros(1);
        using var run = new TrainingRun(Task(graph, Samples(25), Quick with { Epochs = 3, ValidationShare = 0.2, Patience = 1 }) with
        {
            Score = new SeenScore([60, 50]),
            Kept = new Dictionary<string, torch.Tensor> { ["range"] = range },
            Actions = [new Act((step, steps) => range.fill_(step == steps ? range.item<float>() : step))],
        });

        run.Execute(default);

        Assert.Equal(2, range.item<float>());
    }

    [TorchFact]
    public void Execute_TellsTheTimeLeft()
    {
        FakeTimeProvider clock = new();
        List<TrainingProgress> seen = [];
        using var graph = new TorchGraph(TinyModels.Classifier());
        using var run = new TrainingRun(Task(graph, Samples(25), Quick) with
        {
            Phase = "round 2 of 5",
            Clock = clock,
            Actions = [new Act((_, _) => clock.Advance(TimeSpan.FromSeconds(2)))],
            Progress = new Watch(line => seen.AddRange(line is TrainingProgress p ? [p] : [])),
        });

        run.Execute(default);

        Assert.Equal([10.0, 8.0, 6.0, 4.0, 2.0, 0.0], seen.Select(p => p.SecondsLeft!.Value));
        Assert.All(seen, p => Assert.Equal("round 2 of 5", p.Phase));
    }

    [TorchTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Execute_WithLiveStatistics_MovesThem_AndElseKeepsThem(bool isLive)
    {
        static float[] Means(Model model) => model.Graph.Nodes.Single(n => n.OperatorType == "BatchNormalization").Input(3)!.Constant!.ToFloats();
        var model = TinyModels.Planes();
        using var graph = new TorchGraph(model);
        MemorySamples samples = new(11, 4, 1, 6, 6);
        Recorder objective = new(graph, samples);
        using var run = new TrainingRun(new TrainingTask(graph, samples, objective, Quick with { LiveStatistics = isLive }));

        run.Execute(default);

        Assert.Equal(!isLive, Means(model).SequenceEqual(Means(graph.Export())));

        // A batch of the one sample that is left over would have no statistics.
        Assert.Equal(isLive ? 20 : 22, objective.Seen.Count);
    }

    [Theory]
    [InlineData(LearningSchedule.Cosine, new[] { 1, 0.853553, 0.5, 0.146447 })]
    [InlineData(LearningSchedule.Step, new[] { 1, 1, 0.25, 0.25 })]
    [InlineData(LearningSchedule.Constant, new[] { 1.0, 1, 1, 1 })]
    public void LearningRates_FallAsTheirScheduleSays(LearningSchedule schedule, double[] expected)
    {
        LearningRates rates = new(new TrainingOptions { LearningRate = 1, Schedule = schedule, StepFactor = 0.25 }, 4, 2);

        Assert.All(expected.Index(), e => Assert.Equal(e.Item, rates.At(e.Index), 6));
    }

    [TorchFact]
    public void TrainingRun_OfWhatCannotBeValidated_IsRefused()
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        void Refuses(ErrorCode code, TrainingTask task) => Assert.Equal(code, Assert.Throws<InputException>(() => new TrainingRun(task)).Code);

        Refuses(ErrorCode.NoSamples, Task(graph, Samples(1), Quick with { ValidationShare = 0.5 }));
        Refuses(ErrorCode.NoSamples, Task(graph, Samples(5), Quick) with { Validation = SampleSubset.Range(Samples(5), 0, 0) });
        Refuses(ErrorCode.LabelMismatch, Task(graph, Samples(5), Quick) with { Validation = new MemorySamples(4, 4, 6) { Labels = null } });
        Refuses(ErrorCode.InvalidOption, Task(graph, Samples(5), Quick with { Patience = 1 }));
        Refuses(ErrorCode.NoSamples, Task(graph, Samples(5), Quick) with { Samples = SampleSubset.Range(Samples(5), 0, 0) });
    }

    private static MemorySamples Samples(int count) => new(count, 4, 6);

    private static TrainingTask Task(TorchGraph graph, ISampleSource samples, TrainingOptions options) =>
        new(graph, samples, new ClassificationObjective(graph, samples.Labels, samples.Count), options);

    private static List<int[]> Orders(TrainingOptions options)
    {
        using var graph = new TorchGraph(TinyModels.Classifier());
        Recorder objective = new(graph, Samples(25));
        using var run = new TrainingRun(new TrainingTask(graph, Samples(25), objective, options));
        run.Execute(default);
        return [.. objective.Seen.Chunk(25)];
    }

    private sealed class Recorder(TorchGraph graph, ISampleSource samples) : IObjective
    {
        private readonly ClassificationObjective _inner = new(graph, samples.Labels, samples.Count);

        /// <summary>Samples that were learnt from; a loss without gradients is a look only.</summary>
        public List<int> Seen { get; } = [];

        public torch.Tensor Loss(TrainingBatch batch)
        {
            Seen.AddRange(torch.is_grad_enabled() ? batch.Samples : []);
            return _inner.Loss(batch);
        }
    }

    private sealed class SeenScore(double[] scores) : IScore
    {
        public List<int> Counts { get; } = [];

        public Action? Before { get; init; }

        public double Of(TorchGraph graph, ISampleSource samples, CancellationToken cancellation)
        {
            Before?.Invoke();
            cancellation.ThrowIfCancellationRequested();
            Counts.Add(samples.Count);
            return scores[Counts.Count - 1];
        }
    }

    private sealed class Act(Action<int, int> act) : IStepAction
    {
        public void AfterStep(int step, int steps) => act(step, steps);
    }

    private sealed class HalfOfL2(TorchGraph graph) : IPenalty
    {
        public torch.Tensor Value() => graph.Parameters.Values.Select(p => p.square().sum()).Aggregate((a, b) => a + b) * 0.5f;

        public double Now() => graph.Parameters.Values.Sum(p => (double)p.square().sum().item<float>());
    }
}
