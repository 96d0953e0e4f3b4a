using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>Every operator gives what ONNX Runtime gives.</summary>
public sealed class OperatorTests
{
    public static TheoryData<string> Names => [.. OperatorModels.Names];

    [TorchTheory]
    [MemberData(nameof(Names))]
    public void Run_OfASmallGraph_EqualsOnnxRuntime(string name)
    {
        var model = OperatorModels.Get(name);
        var feeds = Feeds.Random(model, seed: 2);
        using var graph = new TorchGraph(model);

        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(model, feeds), graph.Run(feeds)), 0, 1e-4);
    }

    [TorchTheory]
    [InlineData(new long[] { 2, 9 }, new long[] { 8, 4 })]
    [InlineData(new long[] { 2, 3, 9 }, new long[] { 8, 4 })]
    [InlineData(new long[] { 2, 3, 9 }, new long[] { 3, 9, 4 })]
    [InlineData(new long[] { 5, 1, 3, 9 }, new long[] { 4, 3, 8, 4 })]
    [InlineData(new long[] { 3, 9 }, new long[] { 8 })]
    public void MatMul_OfSizesThatDoNotFit_IsRefusedAndTheProcessLives(long[] left, long[] right)
    {
        GraphBuilder g = new();
        g.Output(g.MatMul(g.Input(ElementType.Float32, Free(left)), g.Input(ElementType.Float32, Free(right))));
        using var graph = new TorchGraph(g.Build());
        var feeds = new Dictionary<string, Tensor>
        {
            ["input1"] = Tensor.Of(left, new float[Tensor.Elements(left)]),
            ["input2"] = Tensor.Of(right, new float[Tensor.Elements(right)]),
        };

        Assert.Equal(ErrorCode.ShapeMismatch, Assert.Throws<ModelException>(() => graph.Run(feeds)).Code);
    }

    private static Dim[] Free(long[] dims) => [.. dims.Select(_ => new Dim(null, "free"))];
}
