using EdgePrune.Host;
using TorchSharp;
using TorchSharp.Modules;

namespace EdgePrune.Training.Tests;

public sealed class WeightOptimizerTests
{
    [TorchTheory]
    [InlineData(TrainingOptimizer.AdamW)]
    [InlineData(TrainingOptimizer.Sgd)]
    public void Step_ManyTimes_IsWhatLibtorchDoes(TrainingOptimizer kind)
    {
        using var scope = torch.NewDisposeScope();
        var options = new TrainingOptions { Optimizer = kind, WeightDecay = 0.1 };
        var (ours, theirs) = (Weight(), Weight());
        using var optimizer = new WeightOptimizer([ours], options);
        using var reference = kind == TrainingOptimizer.AdamW
            ? (torch.optim.Optimizer)torch.optim.AdamW([theirs], 0.01, weight_decay: 0.1)
            : torch.optim.SGD([theirs], 0.01, 0.9, weight_decay: 0.1);
        for (var step = 1; step <= 20; step++)
        {
            optimizer.Clear();
            reference.zero_grad();
            Loss(ours, step).backward();
            Loss(theirs, step).backward();
            optimizer.Step(0.01);
            reference.step();
        }

        Assert.All(ours.data<float>().ToArray().Zip(theirs.data<float>().ToArray()), p => Assert.Equal(p.Second, p.First, 1e-5f));
    }

    [TorchTheory]
    [InlineData(TrainingOptimizer.AdamW)]
    [InlineData(TrainingOptimizer.Sgd)]
    public void Step_OfAWeightOfOneAxis_HasNoDecay(TrainingOptimizer kind)
    {
        using var scope = torch.NewDisposeScope();
        var bias = new Parameter(torch.ones(3));
        using var optimizer = new WeightOptimizer([bias], new TrainingOptions { Optimizer = kind, WeightDecay = 0.5 });

        (bias * torch.zeros(3)).sum().backward();
        optimizer.Step(0.1);

        Assert.All(bias.data<float>().ToArray(), b => Assert.Equal(1, b));
    }

    [TorchFact]
    public void Restore_OfSavedMoments_GoesOnAlike()
    {
        using var scope = torch.NewDisposeScope();
        var (whole, cut) = (Weight(), Weight());
        using var optimizer = new WeightOptimizer([whole], new TrainingOptions());
        using var first = new WeightOptimizer([cut], new TrainingOptions());
        Take(optimizer, whole, 1);
        Take(first, cut, 1);
        using var second = new WeightOptimizer([cut], new TrainingOptions());

        var state = first.Save();
        Assert.True(second.Fits(state));
        Assert.False(second.Fits(state[..^1]));
        second.Restore(state);
        Take(optimizer, whole, 2);
        Take(second, cut, 2);

        Assert.Equal(whole.data<float>().ToArray(), cut.data<float>().ToArray());
    }

    private static void Take(WeightOptimizer optimizer, Parameter weight, int step)
    {
        optimizer.Clear();
        Loss(weight, step).backward();
        optimizer.Step(0.01);
    }

    // 37 numbers: whole vectors and a rest.
    private static Parameter Weight() => new(torch.linspace(-1, 1, 37).reshape(1, 37));

    private static torch.Tensor Loss(Parameter weight, int step) => (weight.square() * torch.linspace(0, step, 37)).sum();
}
