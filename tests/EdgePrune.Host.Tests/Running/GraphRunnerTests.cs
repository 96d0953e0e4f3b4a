using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class GraphRunnerTests
{
    [Fact]
    public void Run_WithLentWeights_GivesWhatTheBytesOfTheModelGive()
    {
        var model = Wide();
        var feeds = RandomFeeds.For(model, ShapeInference.Infer(model.Graph), seed: 1);
        using var lent = new GraphRunner(model, new RunnerOptions { Optimize = false });
        using var own = new GraphRunner(OnnxFile.ToBytes(model), new RunnerOptions { Optimize = false });

        Assert.InRange(Compare.MaxRelativeError(own.Run(feeds), lent.Run(feeds)), 0, 1e-5);
    }

    [Fact]
    public void InputNames_WithLentWeights_AreThoseThatMustBeFed()
    {
        using var runner = new GraphRunner(Wide(), new RunnerOptions { Optimize = false });

        Assert.Equal(["input1"], runner.InputNames);
    }

    private static Model Wide()
    {
        var g = new GraphBuilder();
        g.Output(g.Gemm(g.Relu(g.Gemm(g.Input(1, 100), 200)), 10));
        return g.Build();
    }
}
