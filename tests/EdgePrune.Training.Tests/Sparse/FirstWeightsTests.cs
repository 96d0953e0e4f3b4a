using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>New weights for a model.</summary>
public sealed class FirstWeightsTests
{
    [Fact]
    public void Draw_GivesKernelsTheVarianceOfTheirFanIn_AndBiasesZero()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.BatchInput(16, 8, 8), 32);
        x = g.Flatten(g.Depthwise(g.BatchNorm(x)));
        g.Output(g.Add(g.MatMul(x, 10), g.Constant(g.RandomTensor(1, 2, 10), "shift")));
        var drawn = FirstWeights.Draw(g.Build(), 1).Graph;

        var (conv, depthwise) = (drawn.Nodes.First(n => n.OperatorType == "Conv"), drawn.Nodes.Last(n => n.OperatorType == "Conv"));
        var normalization = drawn.Nodes.First(n => n.OperatorType == "BatchNormalization");
        Assert.InRange(Deviation(conv.Input(1)!) / Math.Sqrt(2.0 / (16 * 9)), 0.95, 1.05);
        Assert.InRange(Deviation(depthwise.Input(1)!) / Math.Sqrt(2.0 / 9), 0.85, 1.15);
        var product = drawn.Nodes.First(n => n.OperatorType == "MatMul").Input(1)!;
        Assert.InRange(Deviation(product) / Math.Sqrt(2.0 / product.Constant!.Dims[0]), 0.95, 1.05);
        Assert.All([conv.Input(2)!, depthwise.Input(2)!, drawn.Values["shift1"], normalization.Input(2)!, normalization.Input(3)!], v => Assert.All(v.Constant!.ToFloats(), b => Assert.Equal(0, b)));
        Assert.All([normalization.Input(1)!, normalization.Input(4)!], v => Assert.All(v.Constant!.ToFloats(), s => Assert.Equal(1, s)));
    }

    [Fact]
    public void Draw_WithTheSameSeed_GivesTheSameBytes_AndAnotherSeedOthers()
    {
        var model = TestModels.ResidualBlocks();
        var before = OnnxFile.ToBytes(model);

        Assert.Equal(OnnxFile.ToBytes(FirstWeights.Draw(model, 3)), OnnxFile.ToBytes(FirstWeights.Draw(model, 3)));
        Assert.NotEqual(OnnxFile.ToBytes(FirstWeights.Draw(model, 3)), OnnxFile.ToBytes(FirstWeights.Draw(model, 4)));
        Assert.Equal(before, OnnxFile.ToBytes(model));
    }

    private static double Deviation(Value weight)
    {
        var values = weight.Constant!.ToFloats();
        return Math.Sqrt(values.Average(v => (double)v * v));
    }
}
