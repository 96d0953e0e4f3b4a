using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class TrainedRecoveryTests
{
    private static readonly CompressionOptions Repair = new() { Rate = 0.5, Scope = PruningScope.PerLayer, CalibrationSamples = 64 };
    private static readonly CompressionOptions Distill = Repair with { Recovery = new RecoveryChoice(RecoveryKind.Distill, new FineTuneRecipe()) };
    private static readonly CompressionOptions FineTune = Repair with { Recovery = new RecoveryChoice(RecoveryKind.FineTune, new FineTuneRecipe()) };

    [Fact]
    public async Task Run_Distilling_LearnsFromTheOriginalAfterTheRepair()
    {
        var trainer = FakeTrainer.Idle();
        var pipeline = Pipeline(trainer);

        var result = await Run(pipeline, Distill);

        var (student, aids, recipe) = Assert.Single(trainer.Asked);
        Assert.Same(pipeline.Analysis.Model, aids.Teacher);
        Assert.NotNull(recipe.Distillation);
        Assert.Equal((await Run(Pipeline(null), Repair)).Bytes.ToArray(), OnnxFile.ToBytes(student));
        var report = Assert.Single(result.Training);
        Assert.True(report.Kept);
        Assert.Equal("divergence from the original", report.Metric);
        Assert.Equal(report.Before, report.After);
        Assert.Equal(90, Assert.Single(report.Epochs).Score);
    }

    [Fact]
    public async Task Run_WhenTrainingMakesItWorse_KeepsTheRepairedModel()
    {
        var result = await Run(Pipeline(FakeTrainer.Destructive()), Distill);

        var report = Assert.Single(result.Training);
        Assert.False(report.Kept);
        Assert.True(report.After > report.Before);
        Assert.Equal((await Run(Pipeline(null), Repair)).Bytes.ToArray(), result.Bytes.ToArray());
    }

    [Fact]
    public async Task Run_FineTuning_IsDecidedByTheAccuracyOnHeldOutSamples()
    {
        var trainer = FakeTrainer.Destructive();
        var model = TestModels.MnistCnnLike();
        var labelled = Labelled(model, 40);
        var pipeline = new CompressionPipeline(model, RandomSamples.For(model, 96)) { Trainer = trainer, HeldOut = labelled };

        var result = await Run(pipeline, FineTune with { Rate = 0.1 });

        var report = Assert.Single(result.Training);
        Assert.Null(trainer.Asked[0].Aids.Teacher);
        Assert.Null(trainer.Asked[0].Recipe.Distillation);
        Assert.Equal(("accuracy, percent", 40, false), (report.Metric, report.HeldOut, report.Kept));
        Assert.True(report.Before > report.After, $"{report.Before}, {report.After}");
    }

    [Fact]
    public async Task Run_DistillingWithLabels_IsDecidedByTheAccuracyOnHeldOutSamples()
    {
        var trainer = FakeTrainer.Destructive();
        var model = TestModels.MnistCnnLike();
        var pipeline = new CompressionPipeline(model, RandomSamples.For(model, 96)) { Trainer = trainer, HeldOut = Labelled(model, 40) };
        var mixed = new FineTuneRecipe { Distillation = new DistillationOptions { LabelWeight = 0.9 } };

        var result = await Run(pipeline, Distill with { Rate = 0.1, Recovery = new RecoveryChoice(RecoveryKind.Distill, mixed) });

        Assert.Equal(0.9, trainer.Asked[0].Recipe.Distillation!.LabelWeight);
        Assert.NotNull(trainer.Asked[0].Aids.Teacher);
        Assert.Equal(("accuracy, percent", false), (result.Training[0].Metric, result.Training[0].Kept));
    }

    [Fact]
    public async Task Run_WithoutALearningRate_RaisesItAsTheModelBecomesNarrower()
    {
        var trainer = FakeTrainer.Idle();
        var pipeline = Pipeline(trainer);

        var result = await Run(pipeline, FineTune);
        await Run(pipeline, FineTune with { Recovery = new RecoveryChoice(RecoveryKind.FineTune, new FineTuneRecipe { Training = new TrainingOptions { LearningRate = 0.02 } }) });

        var narrowing = Math.Sqrt((double)result.Before.Parameters / result.After.Parameters);
        Assert.InRange(narrowing, 1.5, 2.5);
        Assert.Equal(1e-3 * narrowing, trainer.Asked[0].Recipe.Training.LearningRate!.Value, 9);
        Assert.Equal(0.02, trainer.Asked[1].Recipe.Training.LearningRate);
    }

    [Fact]
    public async Task Run_InSteps_TrainsAfterEachAgainstTheOriginal()
    {
        var trainer = FakeTrainer.Idle();
        var pipeline = Pipeline(trainer);

        var result = await Run(pipeline, Distill with { Steps = 3 });

        Assert.Equal(3, result.Plan.Steps!.Count);
        Assert.Equal(3, result.Training.Count);
        Assert.Equal(3, trainer.Asked.Count);
        Assert.All(trainer.Asked, a => Assert.Same(pipeline.Analysis.Model, a.Aids.Teacher));
        Assert.Equal(trainer.Asked.Select(a => a.Student.ParameterCount).OrderDescending(), trainer.Asked.Select(a => a.Student.ParameterCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_OfASecondPrecision_DoesNotTrainAgain(int steps)
    {
        var trainer = FakeTrainer.Idle();
        var pipeline = Pipeline(trainer);

        var wide = await Run(pipeline, Distill with { Steps = steps });
        var narrow = await Run(pipeline, Distill with { Steps = steps, Precision = Precision.Int8 });
        var other = await Run(pipeline, Distill with { Steps = steps, Rate = 0.25 });

        Assert.NotNull(narrow.Quantization);
        Assert.Equal(wide.Training.Count, narrow.Training.Count);
        Assert.Equal(wide.Training.Count + other.Training.Count, trainer.Asked.Count);
        Assert.NotEqual(wide.Bytes.ToArray(), other.Bytes.ToArray());
    }

    [Fact]
    public async Task Run_OfTrials_TrainsOnlyTheBest()
    {
        var trainer = FakeTrainer.Idle();

        var result = await Run(Pipeline(trainer), Distill with { Scope = PruningScope.Global, Allocation = RateAllocation.Trial });

        Assert.True(result.Plan.Trials!.Count > 1);
        Assert.Single(trainer.Asked);
    }

    [Fact]
    public async Task Run_WhenNothingIsRemoved_TrainsNothing()
    {
        var trainer = FakeTrainer.Idle();

        var result = await Run(Pipeline(trainer), Distill with { Rate = 0 });

        Assert.Empty(trainer.Asked);
        Assert.Empty(result.Training);
    }

    [Fact]
    public async Task Run_WithoutATrainer_SaysSoBeforeAnyWork()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Run(Pipeline(null), Distill));

        Assert.Equal(ErrorCode.TrainingUnavailable, error.Code);
    }

    [Fact]
    public async Task Run_WithoutSamples_SaysSo()
    {
        var pipeline = new CompressionPipeline(TestModels.Mlp(), null) { Trainer = FakeTrainer.Idle() };

        Assert.Equal(ErrorCode.NoSamples, (await Assert.ThrowsAsync<InputException>(() => Run(pipeline, Distill))).Code);
    }

    [Fact]
    public void Validate_ARecipeWithAFault_NamesIt()
    {
        var recipe = new FineTuneRecipe { Training = new TrainingOptions { Epochs = 0 } };

        Assert.Contains("epochs is 0", Assert.Single((Repair with { Recovery = new RecoveryChoice(RecoveryKind.Distill, recipe) }).Validate()), StringComparison.Ordinal);
        Assert.Empty((Repair with { Recovery = new RecoveryChoice(RecoveryKind.Repair, recipe) }).Validate());
    }

    private static CompressionPipeline Pipeline(ITrainer? trainer)
    {
        var model = TestModels.MnistCnnLike();
        return new CompressionPipeline(model, RandomSamples.For(model, 96)) { Trainer = trainer };
    }

    private static Task<CompressionResult> Run(CompressionPipeline pipeline, CompressionOptions options) =>
        pipeline.RunAsync(options, new Progress<string>(), TestContext.Current.CancellationToken);

    // The class of each sample is what the model itself says.
    private static RandomSamples Labelled(Model model, int count)
    {
        var samples = RandomSamples.For(model, count);
        using var runner = new GraphRunner(model);
        List<int> labels = [];
        foreach (var (feeds, _, size) in new SampleFeeder(model, samples).Batches())
        {
            var scores = runner.Run(feeds)[0].ToFloats();
            labels.AddRange(scores.Chunk(scores.Length / size).Select(s => Array.IndexOf(s, s.Max())));
        }

        return new RandomSamples(count, [.. samples.Inputs[0].Shape]) { Labels = labels };
    }
}
