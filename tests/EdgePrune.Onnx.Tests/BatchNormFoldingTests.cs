using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class BatchNormFoldingTests
{
    [Fact]
    public void Apply_AfterConvolutions_LeavesNone()
    {
        var model = TestModels.ResidualBlocks();
        Assert.Equal(8, new BatchNormFolding().Apply(model));
        Assert.DoesNotContain(model.Graph.Nodes, n => n.OperatorType == "BatchNormalization");
    }

    [Fact]
    public void Apply_BeforeConvolutions_LeavesThem()
    {
        var model = TestModels.DenseNetLike();
        Assert.Equal(0, new BatchNormFolding().Apply(model));
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("GroupedConv")]
    [InlineData("Depthwise")]
    [InlineData("ConvTranspose")]
    [InlineData("GroupedConvTranspose")]
    [InlineData("Gemm")]
    [InlineData("GemmTransposed")]
    [InlineData("GemmAlphaBeta")]
    [InlineData("GemmScalarBias")]
    [InlineData("GemmWithoutBias")]
    [InlineData("MatMul")]
    public void Apply_AfterALayer_IsExact(string layer)
    {
        GraphBuilder g = new(3);
        g.Output(g.BatchNorm(Layer(g, layer)));
        var original = g.Build();
        var folded = original.Clone();
        Assert.Equal(1, new BatchNormFolding().Apply(folded));
        Assert.Empty(GraphInvariants.Faults(folded.Graph));
        Assert.DoesNotContain(folded.Graph.Nodes, n => n.OperatorType == "BatchNormalization");
        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(folded, 1)), 0, 2e-6);
    }

    [Fact]
    public void Apply_SharedWeight_LeavesTheOtherReaderAlone()
    {
        var original = TestModels.SharedWeights();
        var folded = original.Clone();
        Assert.Equal(2, new BatchNormFolding().Apply(folded));
        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(folded, 1)), 0, 1e-5);
        Assert.Equal(3, folded.Graph.Nodes.Where(n => n.OperatorType == "Conv").Select(n => n.Input(1)).Distinct().Count());
    }

    [Fact]
    public void Apply_ResultWithAnotherReader_IsLeft()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.Input(1, 3, 4, 4), 4);
        g.Output(g.Add(g.BatchNorm(x), x));
        Assert.Equal(0, new BatchNormFolding().Apply(g.Build()));
    }

    [Fact]
    public void Apply_ProductOfRankThree_IsLeftBecauseItsChannelsAreNotTheColumns()
    {
        GraphBuilder g = new();
        g.Output(g.BatchNorm(g.MatMul(g.Input(1, 5, 3), 5)));
        Assert.Equal(0, new BatchNormFolding().Apply(g.Build()));
    }

    private static Value Layer(GraphBuilder g, string layer)
    {
        Value Image() => g.Input(1, 4, 5, 5);
        Value Vector() => g.Input(2, 4);
        Value Weight(params long[] dims) => g.Weight(1, dims);
        return layer switch
        {
            "Conv" => g.Conv(Image(), 6, bias: false),
            "GroupedConv" => g.Conv(Image(), 6, groups: 2),
            "Depthwise" => g.Depthwise(Image(), 2),
            "ConvTranspose" => g.ConvTranspose(Image(), 6),
            "GroupedConvTranspose" => g.ConvTranspose(Image(), 6, groups: 2),
            "Gemm" => g.Gemm(Vector(), 6, transposed: false),
            "GemmTransposed" => g.Gemm(Vector(), 6),
            "GemmAlphaBeta" => g.Op("Gemm", [Vector(), Weight(4, 6), Weight(1, 6)], ("alpha", 0.5f), ("beta", 2f)),
            "GemmScalarBias" => g.Op("Gemm", [Vector(), Weight(4, 6), g.Scalar(0.7f)], ("beta", 3f)),
            "GemmWithoutBias" => g.Op("Gemm", [Vector(), Weight(4, 6)]),
            _ => g.MatMul(Vector(), 6),
        };
    }
}
