using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class TrainingOptionsTests
{
    private static readonly Model Wide = Perceptron(256);

    private static readonly double First = 2e-3 / Math.Sqrt(2);

    [Fact]
    public void For_AModelWithoutAnOriginal_HasTheRateOfItsDepth()
    {
        Assert.Equal(First, new TrainingOptions().For(Wide, null).LearningRate!.Value, 12);
        Assert.Equal(10 * First, new TrainingOptions { Optimizer = TrainingOptimizer.Sgd }.For(Wide, null).LearningRate!.Value, 12);
        Assert.Equal(First, new TrainingOptions().For(Wide, Wide).LearningRate!.Value, 12);
        Assert.Equal(1e-3, new TrainingOptions().For(TestModels.MnistCnnLike(), null).LearningRate!.Value, 12);
    }

    [Fact]
    public void For_ANarrowerModel_RisesWithTheRootOfTheParametersAndIsBounded()
    {
        var half = Perceptron(128);
        var narrowing = Math.Sqrt((double)Wide.ParameterCount / half.ParameterCount);

        Assert.Equal(First * narrowing, new TrainingOptions().For(half, Wide).LearningRate!.Value, 12);
        Assert.Equal(10 * First, new TrainingOptions().For(Perceptron(1), Wide).LearningRate!.Value, 12);
        Assert.Equal(First, new TrainingOptions().For(Wide, half).LearningRate!.Value, 12);
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
