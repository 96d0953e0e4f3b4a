using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class ConstantFoldingTests
{
    [Fact]
    public void Apply_ArithmeticOnConstants_LeavesOneInitializer()
    {
        GraphBuilder g = new();
        var weight = g.Transpose(g.Mul(g.Weight(1, 5, 4), g.Op("Constant", [], ("value_float", 2f))));
        g.Output(g.Op("MatMul", [g.Input(1, 4), g.Op("Identity", [weight])]));
        var (original, model) = Fold(g.Build());
        Assert.Equal("MatMul", Assert.Single(model.Graph.Nodes).OperatorType);
        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(model, 1)), 0, 1e-6);
    }

    [Fact]
    public void Apply_ShapeOfAFixedSize_BecomesNumbers()
    {
        GraphBuilder g = new();
        var x = g.Relu(g.Conv(g.Input(1, 3, 4, 4), 6));
        var shape = g.Op("Shape", [x]);
        var channels = g.Op("Gather", [shape, g.Ints(1)], ("axis", 0));
        g.Output(g.Op("Reshape", [x, g.Concat(0, g.Ints(1), channels, g.Ints(-1))]));
        var (_, model) = Fold(g.Build());
        Assert.Equal(["Conv", "Relu", "Reshape"], model.Graph.Nodes.Select(n => n.OperatorType));
        Assert.Equal([1L, 6L, -1L], model.Graph.Nodes[^1].Input(1)!.Constant!.ToInts());
    }

    [Fact]
    public void Apply_SizesOfAFreeBatch_FoldsOnlyTheFixedOnes()
    {
        GraphBuilder g = new();
        var x = g.Relu(g.Conv(g.BatchInput(3, 4, 4), 6));
        var batch = g.Op("Gather", [g.Op("Shape", [x]), g.Ints(0)], ("axis", 0));
        var channels = g.Op("Gather", [g.Op("Shape", [x]), g.Constant(Tensor.Of([], [1L]))], ("axis", 0));
        g.Output(g.Op("Reshape", [x, g.Concat(0, batch, g.Unsqueeze(channels, 0), g.Ints(16))]));
        var (original, model) = Fold(g.Build());
        var concat = model.Graph.Nodes.Single(n => n.OperatorType == "Concat");
        Assert.Null(concat.Input(0)!.Constant);
        Assert.Equal([6L], concat.Input(1)!.Constant!.ToInts());
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(original, Feeds.Random(original, 1, 3)), Runtime.Run(model, Feeds.Random(model, 1, 3))));
    }

    [Fact]
    public void Apply_ResultAboveTheLimit_StaysUnlessItShrinks()
    {
        GraphBuilder g = new();
        var large = g.Op("ConstantOfShape", [g.Ints(1, 1000)], ("value", Tensor.Of([1], [1f])));
        var small = g.Op("ReduceSum", [g.Constant(g.RandomTensor(0, 1, 1, 500)), g.Ints(1)], ("keepdims", 1));
        g.Output(g.Add(g.Add(g.Input(1, 1000), large), small));
        var (_, model) = Fold(g.Build(), largestBytes: 1000);
        Assert.Equal(["ConstantOfShape", "Add", "Add"], model.Graph.Nodes.Select(n => n.OperatorType));
    }

    [Fact]
    public void Apply_RandomAndQuantizationNodes_Stay()
    {
        GraphBuilder g = new();
        var scale = g.Scalar(0.1f);
        var weight = g.Op("DequantizeLinear", [g.Constant(new Tensor(ElementType.Int8, [4], new byte[] { 1, 2, 3, 4 })), scale]);
        var noise = g.Op("RandomNormalLike", [g.Constant(g.RandomTensor(0, 1, 4))]);
        g.Output(g.Add(g.Add(g.Input(1, 4), weight), noise));
        var (original, model) = Fold(g.Build());
        Assert.Equal(original.Graph.Nodes.Count, model.Graph.Nodes.Count);
    }

    [Fact]
    public void Apply_ConstantGraphOutput_KeepsItsNode()
    {
        GraphBuilder g = new();
        g.Output(g.Relu(g.Input(1, 4)));
        g.Output(g.Op("Neg", [g.Op("Exp", [g.Weight(1, 4)])]));
        var (_, model) = Fold(g.Build());
        Assert.Equal(["Relu", "Neg"], model.Graph.Nodes.Select(n => n.OperatorType));
    }

    private static (Model Original, Model Folded) Fold(Model model, long largestBytes = 1 << 20)
    {
        var folded = model.Clone();
        PassSequence.Run(folded, new ConstantFolding(new RuntimeEvaluator(), largestBytes), new UnusedNodes());
        Assert.Empty(GraphInvariants.Faults(folded.Graph));
        return (model, folded);
    }
}
