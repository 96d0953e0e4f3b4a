using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Training that makes channels and weights die, from start to the smaller model.</summary>
public sealed class SparseTrainerTests
{
    private static readonly TrainingOptions Quick = new() { Epochs = 6, LearningRate = 5e-3, BatchSize = 16, Seed = 7, Threads = 1 };

    [TorchFact]
    public void Run_WithGroupLasso_KillsChannels_AndRemovesThemWithProof()
    {
        var result = Train(TestModels.Mlp(), new SparseTrainingRecipe { Training = Quick with { Epochs = 30 }, Method = SparseTrainingMethod.GroupLasso, Strength = 0.5 });

        var removal = Assert.IsType<CompressionResult>(result.Removal);
        Assert.Contains(removal.Widths, w => w.After < w.Before);
        Assert.True(result.Model.ParameterCount < TestModels.Mlp().ParameterCount);
        Assert.InRange(removal.Proof.MaxRelativeError, 0, 1e-5);
        Assert.Equal(TrainingEnd.Completed, result.Summary.End);
    }

    [TorchTheory]
    [InlineData(SparseTrainingMethod.L1)]
    [InlineData(SparseTrainingMethod.L2)]
    [InlineData(SparseTrainingMethod.GroupLasso)]
    [InlineData(SparseTrainingMethod.None)]
    public void Run_WithARate_RemovesThatShareOfChannels(SparseTrainingMethod method)
    {
        var result = Train(TestModels.Mlp(), new SparseTrainingRecipe { Training = Quick with { Epochs = 1 }, Method = method, Rate = 0.5 });

        Assert.InRange(result.Removal!.Widths.Sum(w => w.After) / (double)result.Removal.Widths.Sum(w => w.Before), 0.4, 0.55);
        Assert.Null(result.Mask);
    }

    [TorchTheory]
    [InlineData(SparseTrainingMethod.L1)]
    [InlineData(SparseTrainingMethod.L2)]
    public void Run_WithAPenaltyOfAllWeights_LeavesSmallerOnes(SparseTrainingMethod method)
    {
        double Mean(double strength) => Train(TestModels.Mlp(), new SparseTrainingRecipe { Training = Quick, Method = method, Strength = strength })
            .Model.Graph.Initializers.SelectMany(v => v.Constant!.ToFloats()).Average(Math.Abs);

        Assert.True(Mean(0.1) < 0.9 * Mean(0));
    }

    [TorchFact]
    public void Run_WithAPenaltyOnScales_MakesThemSmall_AndRanksChannelsByThem()
    {
        var result = Train(Normalized(), new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.BatchNormScale, Strength = 0.05, Rate = 0.5 }, [3, 6, 6]);
        var plain = Train(Normalized(), new SparseTrainingRecipe { Training = Quick }, [3, 6, 6]);

        Assert.Equal("bn", result.Removal!.Plan.Criterion);
        Assert.Contains(result.Removal.Widths, w => w.After < w.Before);
        Assert.Contains(plain.Model.Graph.Nodes, n => n.OperatorType == "BatchNormalization");
    }

    [TorchFact]
    public void Run_WithAPenaltyOnScales_OfAModelWithout_IsRefused()
    {
        var error = Assert.Throws<ModelException>(() => Train(TestModels.Mlp(), new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.BatchNormScale }));

        Assert.Equal(ErrorCode.NothingToPrune, error.Code);
    }

    [TorchFact]
    public void Run_WithGradualMasks_EndsInThatShareOfZeros_AndAMaskThatFits()
    {
        var result = Train(TestModels.Mlp(), new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.GradualMasks, Rate = 0.7 });

        var mask = Assert.IsType<SparsityMask>(result.Mask);
        var count = mask.Weights.Sum(w => w.Dims.Aggregate(1L, (a, b) => a * b));
        Assert.Equal((long)Math.Round(0.7 * count), mask.Zeros());
        var again = result.Model.Clone();
        mask.ApplyTo(again);
        Assert.Equal(OnnxFile.ToBytes(result.Model), OnnxFile.ToBytes(again));
        Assert.Null(result.Removal);
    }

    [TorchFact]
    public void Run_FromScratch_ForgetsTheOldWeights_AndLearns()
    {
        var recipe = new SparseTrainingRecipe { Training = Quick, FromScratch = true };

        var result = Train(TestModels.Mlp(), recipe);

        Assert.True(result.Summary.Epochs[^1].Loss < 0.7 * result.Summary.Epochs[0].Loss);
        Assert.Equal(OnnxFile.ToBytes(result.Model), OnnxFile.ToBytes(Train(Perturbed.Of(TestModels.Mlp(), 3), recipe).Model));
    }

    [TorchFact]
    public void Run_TwiceWithTheSameSeed_GivesTheSameBytes()
    {
        var recipe = new SparseTrainingRecipe { Training = Quick with { Epochs = 1 }, Method = SparseTrainingMethod.GroupLasso, Strength = 0.1, Rate = 0.3 };

        Assert.Equal(OnnxFile.ToBytes(Train(TestModels.Mlp(), recipe).Model), OnnxFile.ToBytes(Train(TestModels.Mlp(), recipe).Model));
    }

    [TorchFact]
    public void Run_Cancelled_KeepsWhatWasLearntAndRemovesNothing()
    {
        var result = new SparseTrainer().Run(
            TestModels.Mlp(), new MemorySamples(64, 5, 10), new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.L2, Rate = 0.5 }, null, new CancellationToken(canceled: true));

        Assert.Equal(TrainingEnd.Cancelled, result.Summary.End);
        Assert.Null(result.Removal);
    }

    [Fact]
    public void Run_WithABadRecipe_NamesTheFaults()
    {
        var error = Assert.Throws<InputException>(() => Train(TestModels.Mlp(), new SparseTrainingRecipe { Rate = 1, Strength = -1 }));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Contains("2 fault(s)", error.Message, StringComparison.Ordinal);
    }

    private static SparseTraining Train(Model model, SparseTrainingRecipe recipe, params long[] shape) =>
        new SparseTrainer().Run(model, new MemorySamples(160, 3, shape.Length == 0 ? [10] : shape), recipe, null, TestContext.Current.CancellationToken);

    private static Model Normalized()
    {
        GraphBuilder g = new(2);
        var x = g.Relu(g.BatchNorm(g.Conv(g.BatchInput(3, 6, 6), 8)));
        x = g.Relu(g.BatchNorm(g.Conv(x, 8)));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 3));
        return g.Build();
    }
}
