using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Fine-tuning from start to each of its ends.</summary>
public sealed class FineTunerTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 2, LearningRate = 1e-3, BatchSize = 16, Seed = 7, Threads = 1 };

    [TorchFact]
    public void Run_OnDigits_LowersTheLossOfASpoiltModel_AndOnnxRuntimeAgrees()
    {
        var spoilt = Perturbed.Of(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")), 1.5f);
        var digits = SampleSubset.Range(SampleSources.Open(RepositoryFiles.Find("samples/mnist")), 0, 300);

        var result = Train(spoilt, digits, Quick with { BatchSize = 50 });

        Assert.Equal((TrainingEnd.Completed, 12, 2), (result.Summary.End, result.Summary.Steps, result.Summary.Epochs.Count));
        Assert.True(Loss(result.Model, digits) < 0.7 * Loss(spoilt, digits), $"{Loss(spoilt, digits)} -> {Loss(result.Model, digits)}");
        using var graph = new TorchGraph(result.Model);
        var feeds = new SampleFeeder(result.Model, digits, 32).Batches().First().Feeds;
        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(result.Model, feeds), graph.Run(feeds)), 0, 1e-4);
    }

    [TorchTheory]
    [InlineData(TrainingOptimizer.AdamW, 0.02)]
    [InlineData(TrainingOptimizer.Sgd, 0.1)]
    public void Run_WithEitherOptimizer_LowersTheLoss(TrainingOptimizer optimizer, double learningRate)
    {
        var result = Train(TestModels.Mlp(), Vectors(200), Quick with { Optimizer = optimizer, LearningRate = learningRate, Epochs = 5 });

        Assert.True(result.Summary.Epochs[^1].Loss < 0.7 * result.Summary.Epochs[0].Loss, string.Join(", ", result.Summary.Epochs));
    }

    [TorchFact]
    public void Run_TwiceWithTheSameSeed_GivesTheSameBytes_AndAnotherSeedOthers()
    {
        byte[] Bytes(int seed) => OnnxFile.ToBytes(Train(TestModels.ResidualBlocks(), new MemorySamples(40, 5, 3, 8, 8), Quick with { Seed = seed }).Model);

        var first = Bytes(7);

        Assert.Equal(first, Bytes(7));
        Assert.NotEqual(first, Bytes(8));
    }

    [TorchFact]
    public void Run_DoesNotChangeTheModelItIsGiven()
    {
        var model = TestModels.Mlp();
        var before = OnnxFile.ToBytes(model);

        var result = Train(model, Vectors(32), Quick);

        Assert.Equal(before, OnnxFile.ToBytes(model));
        Assert.NotEqual(before, OnnxFile.ToBytes(result.Model));
    }

    [TorchFact]
    public void Run_OfAModelWithAFixedBatch_LearnsAsWithAFreeOne()
    {
        var samples = new MemorySamples(20, 4, 3, 8, 8);

        var one = Train(TestModels.DepthwiseSeparable(), samples, Quick with { BatchSize = 10 });

        Assert.Equal(4, one.Summary.Steps);
        Assert.True(one.Summary.Epochs[1].Loss < one.Summary.Epochs[0].Loss);
    }

    [TorchFact]
    public void Run_FixedAndFreeBatch_GiveTheSameGradients()
    {
        static Model Net(bool free)
        {
            GraphBuilder g = new(3);
            g.Output(g.Gemm(g.Op("Tanh", [g.Gemm(free ? g.BatchInput(6) : g.Input(1, 6), 8)]), 4));
            return g.Build();
        }

        var samples = new MemorySamples(24, 4, 6);
        var options = Quick with { Optimizer = TrainingOptimizer.Sgd, LearningRate = 0.1, BatchSize = 8 };

        var fixedBatch = Train(Net(free: false), samples, options).Model.Graph.Initializers.Select(v => v.Constant!).ToList();
        var freeBatch = Train(Net(free: true), samples, options).Model.Graph.Initializers.Select(v => v.Constant!).ToList();

        Assert.InRange(Compare.MaxRelativeError(fixedBatch, freeBatch), 0, 1e-5);
    }

    [TorchFact]
    public void Run_WithAHugeLearningRate_StopsAndKeepsTheLastGoodWeights()
    {
        var model = TestModels.Mlp();

        var result = Train(model, Vectors(64), Quick with { LearningRate = 1e30 });

        Assert.Equal(TrainingEnd.Diverged, result.Summary.End);
        Assert.Contains("step 2 of 8", result.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(0, result.Summary.Steps);
        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(result.Model));
    }

    [TorchFact]
    public void Run_WhenTheLastStepSpoilsTheWeights_KeepsThoseBefore()
    {
        var model = TestModels.Mlp();

        var result = Train(model, Vectors(16), Quick with { LearningRate = 1e30, Epochs = 1 });

        Assert.Equal((TrainingEnd.Diverged, 0), (result.Summary.End, result.Summary.Steps));
        Assert.Contains("step 1 of 1", result.Summary.Reason, StringComparison.Ordinal);
        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(result.Model));
    }

    [TorchFact]
    public void Run_OfAModelThatGivesNoNumbers_SaysSoAndChangesNothing()
    {
        var model = TestModels.Mlp();
        var weight = model.Graph.Initializers[0];
        new GraphEditor(model.Graph).SetInitializer(weight, weight.Constant!.WithFloats([.. Enumerable.Repeat(float.NaN, (int)weight.Constant.Count)]));

        var result = Train(model, Vectors(16), Quick);

        Assert.Equal((TrainingEnd.Diverged, 0), (result.Summary.End, result.Summary.Steps));
        Assert.Contains("before anything was learnt", result.Summary.Reason, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Run_Cancelled_KeepsWhatWasLearntSoFar()
    {
        using var stop = new CancellationTokenSource();
        var model = TestModels.Mlp();

        var result = Train(model, Vectors(160), Quick, Watch.CancelAt(3, stop), stop.Token);

        Assert.Equal((TrainingEnd.Cancelled, 3), (result.Summary.End, result.Summary.Steps));
        Assert.Empty(result.Summary.Epochs);
        Assert.NotEqual(OnnxFile.ToBytes(model), OnnxFile.ToBytes(result.Model));
    }

    [TorchFact]
    public void Run_CancelledBeforeTheFirstStep_GivesTheModelBack()
    {
        var model = TestModels.Mlp();

        var result = Train(model, Vectors(16), Quick, null, new CancellationToken(canceled: true));

        Assert.Equal((TrainingEnd.Cancelled, 0), (result.Summary.End, result.Summary.Steps));
        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(result.Model));
    }

    [TorchFact]
    public void Run_ReportsEveryStep_WithARateThatFallsToZero()
    {
        List<TrainingLine> lines = [];

        Train(TestModels.Mlp(), Vectors(40), Quick, new Watch(lines.Add));

        var reports = lines.OfType<TrainingProgress>().ToList();

        Assert.Equal([1, 2, 3, 4, 5, 6], reports.Select(r => r.Step));
        Assert.Equal([1, 1, 1, 2, 2, 2], reports.Select(r => r.Epoch));
        Assert.All(reports, r => Assert.Equal((2, 6), (r.Epochs, r.Steps)));
        Assert.Equal(1e-3, reports[0].LearningRate);
        Assert.True(reports.Zip(reports.Skip(1)).All(p => p.Second.LearningRate < p.First.LearningRate));
    }

    [Fact]
    public void Run_WithoutLabels_IsRefused()
    {
        var error = Assert.Throws<InputException>(() => Train(TestModels.Mlp(), new MemorySamples(4, 5, 10) { Labels = null }));

        Assert.Equal(ErrorCode.LabelMismatch, error.Code);
    }

    [TorchTheory]
    [InlineData(new[] { 0, 1, 5, 2 })]
    [InlineData(new[] { 0, 1, -1, 2 })]
    [InlineData(new[] { 0, 1, 2 })]
    public void Run_WithLabelsThatDoNotFit_IsRefused(int[] labels)
    {
        var error = Assert.Throws<InputException>(() => Train(TestModels.Mlp(), new MemorySamples(4, 5, 10) { Labels = labels }, Quick));

        Assert.Equal(ErrorCode.LabelMismatch, error.Code);
    }

    [TorchFact]
    public void Run_OfAModelThatGivesAPlane_IsRefused()
    {
        GraphBuilder g = new();
        g.Output(g.Conv(g.BatchInput(3, 8, 8), 4));

        Assert.Equal(ErrorCode.ShapeMismatch, Assert.Throws<ModelException>(() => Train(g.Build(), new MemorySamples(4, 4, 3, 8, 8), Quick)).Code);
    }

    [TorchFact]
    public void Run_OfAModelWithoutWeights_IsRefused()
    {
        GraphBuilder g = new();
        g.Output(g.Relu(g.BatchInput(5)));

        Assert.Equal(ErrorCode.InvalidGraph, Assert.Throws<ModelException>(() => Train(g.Build(), new MemorySamples(4, 5, 5), Quick)).Code);
    }

    [Fact]
    public void Validate_OfBadOptions_NamesEveryFault()
    {
        TrainingOptions bad = new() { Epochs = 0, LearningRate = double.NaN, BatchSize = 0, Optimizer = (TrainingOptimizer)9, WeightDecay = -1, Threads = -1 };

        Assert.Equal(6, bad.Validate().Count);
        Assert.Empty(new TrainingOptions().Validate());
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => Train(TestModels.Mlp(), Vectors(4), bad)).Code);
    }

    private static MemorySamples Vectors(int count) => new(count, 5, 10);

    private static TrainedModel Train(
        Model model, ISampleSource samples, TrainingOptions? options = null, IProgress<TrainingLine>? progress = null, CancellationToken cancellation = default) =>
        new FineTuner().Run(model, samples, new TrainingAids(), new FineTuneRecipe { Training = options ?? new() }, new FineTuneSettings { Progress = progress }, cancellation);

    private static double Loss(Model model, SampleSubset samples)
    {
        var sum = 0.0;
        using var runner = new GraphRunner(model, new RunnerOptions { Threads = 1 });
        foreach (var (feeds, start, count) in new SampleFeeder(model, samples, 100).Batches())
        {
            var scores = runner.Run(feeds)[0].ToFloats().Chunk(10).ToList();
            sum += scores.Select((row, i) => Math.Log(row.Sum(v => Math.Exp(v - row.Max()))) + row.Max() - row[samples.Labels![start + i]]).Sum();
        }

        return sum / samples.Count;
    }
}
