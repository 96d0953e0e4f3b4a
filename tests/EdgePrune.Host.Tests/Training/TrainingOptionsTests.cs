using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class TrainingOptionsTests
{
    private static readonly Model Wide = Perceptron(256);

    [Fact]
    public void For_AModelWithoutAnOriginal_HasTheOptimizersRate()
    {
        Assert.Equal(1e-3, new TrainingOptions().For(Wide, null).LearningRate);
        Assert.Equal(1e-2, new TrainingOptions { Optimizer = TrainingOptimizer.Sgd }.For(Wide, null).LearningRate);
        Assert.Equal(1e-3, new TrainingOptions().For(Wide, Wide).LearningRate);
    }

    [Fact]
    public void For_ANarrowerModel_RisesWithTheRootOfTheParametersAndIsBounded()
    {
        var half = Perceptron(128);
        var narrowing = Math.Sqrt((double)Wide.ParameterCount / half.ParameterCount);

        Assert.Equal(1e-3 * narrowing, new TrainingOptions().For(half, Wide).LearningRate!.Value, 12);
        Assert.Equal(1e-2, new TrainingOptions().For(Perceptron(1), Wide).LearningRate!.Value, 12);
        Assert.Equal(1e-3, new TrainingOptions().For(Wide, half).LearningRate!.Value, 12);
    }

    [Fact]
    public void For_ANamedRate_IsTheNamedRate() => Assert.Equal(0.3, new TrainingOptions { LearningRate = 0.3 }.For(Perceptron(1), Wide).LearningRate);

    private static Model Perceptron(int width)
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.Relu(g.Gemm(g.Input(1, 64), width)), width));
        return g.Build();
    }
}
