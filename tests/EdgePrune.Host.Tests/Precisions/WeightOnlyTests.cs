using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class WeightOnlyTests
{
    [Theory]
    [InlineData(8, 3.5)]
    [InlineData(4, 5.5)]
    public void Convert_LargeLayer_IsSmallerByAboutTheBits(int bits, double atLeast)
    {
        var model = ConversionChecks.Dense(512, 256, ConversionChecks.Weights(512 * 256));
        var converted = ConversionChecks.Convert($"weights{bits}", model);

        Assert.InRange((double)OnnxFile.ToBytes(model).Length / OnnxFile.ToBytes(converted.Model).Length, atLeast, 32.0 / bits);
        Assert.Equal(1, converted.Report.Kernels["MatMulNBits"]);
    }

    [Fact]
    public void Convert_Convolutions_StayWithTheReason()
    {
        var nodes = ConversionChecks.Convert("weights4", TestModels.MnistCnnLike()).Report.Nodes;

        Assert.All(nodes.Where(n => n.OperatorType == "Conv"), n => Assert.Equal("Only MatMul and Gemm have a kernel for weights in blocks.", n.Reason));
    }

    [Fact]
    public void Convert_SharedWeight_IsStoredOnce()
    {
        GraphBuilder g = new(2);
        var (x, w) = (g.BatchInput(64), g.Weight(0.2f, 64, 64));
        g.Output(g.Op("MatMul", [g.Relu(g.Op("MatMul", [x, w])), w]));

        var converted = ConversionChecks.Convert("weights8", g.Build());

        Assert.Equal(2, converted.Report.Kernels["MatMulNBits"]);
        Assert.Single(converted.Model.Graph.Initializers, v => v.ElementType == ElementType.UInt8 && v.Constant!.Rank == 3);
    }

    [Fact]
    public void Convert_FewInputsAndManyOutputs_StaysWhereBlocksAreNoSmaller()
    {
        var node = Assert.Single(ConversionChecks.Convert("weights8", ConversionChecks.Dense(2, 1000, ConversionChecks.Weights(2000))).Report.Nodes);

        Assert.Equal("float32", node.Precision);
        Assert.Contains("no smaller than floats", node.Reason, StringComparison.Ordinal);
    }
}
