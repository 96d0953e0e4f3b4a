using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training.Tests;

/// <summary>Zeros stay zero.</summary>
public sealed class MaskActionTests
{
    [TorchTheory]
    [InlineData(TrainingOptimizer.AdamW)]
    [InlineData(TrainingOptimizer.Sgd)]
    public void Run_WithAMask_KeepsItsWeightsAtZeroAfterEveryStep_AndLearnsTheOthers(TrainingOptimizer optimizer)
    {
        var model = TinyModels.Classifier();
        var mask = HalfOf(model);
        var options = new TrainingOptions { Epochs = 3, BatchSize = 10, LearningRate = 0.05, Optimizer = optimizer, Threads = 1 };

        for (var epochs = 1; epochs <= 3; epochs++)
        {
            var result = new FineTuner().Run(model, new MemorySamples(30, 4, 6), new TrainingAids(Mask: mask), new FineTuneRecipe { Training = options with { Epochs = epochs } });
            var learnt = result.Model.Graph.Values[mask.Weights[0].Name].Constant!.ToFloats();

            Assert.Equal(Enumerable.Range(0, learnt.Length).Where(mask.Weights[0].IsZero), Enumerable.Range(0, learnt.Length).Where(i => learnt[i] == 0));
        }
    }

    [TorchFact]
    public void AfterStep_OfWeightsThatMoved_SetsThemToZeroAgain()
    {
        var model = TinyModels.Classifier();
        var mask = HalfOf(model);
        using var graph = new TorchGraph(model);
        using var action = new MaskAction(graph, mask);
        var weight = graph.Parameters[mask.Weights[0].Name];
        using (TorchSharp.torch.no_grad())
        {
            weight.fill_(7);
        }

        action.AfterStep(1, 1);

        Assert.Equal(Enumerable.Range(0, 48).Select(i => mask.Weights[0].IsZero(i) ? 0f : 7f), TorchTensors.ToFloats(weight));
    }

    [TorchFact]
    public void Run_WithTheMaskOfAnotherModel_IsRefused()
    {
        var mask = HalfOf(TinyModels.Classifier(hidden: 5));

        Assert.Equal(ErrorCode.PlanMismatch, Assert.Throws<InputException>(() =>
            new FineTuner().Run(TinyModels.Classifier(), new MemorySamples(30, 4, 6), new TrainingAids(Mask: mask), new FineTuneRecipe())).Code);
    }

    // Every second element of the first weight.
    private static SparsityMask HalfOf(Model model)
    {
        var weight = model.Graph.Initializers.First(v => v.Constant!.Rank == 2);
        return new([new MaskedWeight(weight.Name, weight.Constant!.Dims.ToArray(), [.. Enumerable.Repeat((byte)0b01010101, (int)weight.Constant.Count / 8)])]);
    }
}
