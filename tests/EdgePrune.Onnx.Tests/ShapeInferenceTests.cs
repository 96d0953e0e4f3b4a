using EdgePrune.Contracts;
using EdgePrune.TestKit;
using CsCheck;

namespace EdgePrune.Onnx.Tests;

public sealed class ShapeInferenceTests
{
    public static TheoryData<string> Names => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Infer_Fixture_EqualsTheRuntimesShapes(string name) => AssertShapes(TestModels.Make(name), name);

    [Fact]
    public void Infer_RandomGraphs_EqualsTheRuntimesShapes() =>
        RandomGraphs.Gen.Sample(g => AssertShapes(g.Model, g.Description), iter: 10000, threads: 1, print: g => g.Description);

    [Theory]
    [InlineData("ceil_mode", 6, 3, 2, "NOTSET")]
    [InlineData("ceil_mode", 7, 2, 3, "NOTSET")]
    [InlineData("ceil_mode", 5, 2, 2, "SAME_UPPER")]
    [InlineData("none", 7, 3, 2, "SAME_LOWER")]
    [InlineData("none", 7, 1, 3, "SAME_UPPER")]
    [InlineData("none", 7, 3, 2, "VALID")]
    public void Infer_PoolingWindows_EqualsTheRuntimesShapes(string mode, int side, int kernel, int stride, string padding)
    {
        GraphBuilder g = new();
        var x = g.Input(1, 2, side, side);
        g.Output(g.Op("MaxPool", [x], ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }),
            ("auto_pad", padding), ("ceil_mode", mode == "ceil_mode" ? 1 : 0)));
        g.Output(g.Op("Conv", [x, g.Weight(1, 2, 2, kernel, kernel)], ("strides", new long[] { stride, stride }), ("auto_pad", padding)));
        AssertShapes(g.Build(), padding);
    }

    [Theory]
    [InlineData(0, 0, 1, "NOTSET")]
    [InlineData(1, 1, 1, "NOTSET")]
    [InlineData(0, 0, 2, "NOTSET")]
    [InlineData(0, 0, 1, "SAME_UPPER")]
    public void Infer_TransposedConvolution_EqualsTheRuntimesShapes(int pad, int extra, int dilation, string padding)
    {
        GraphBuilder g = new();
        List<(string, object)> attributes = [("strides", new long[] { 3, 2 }), ("output_padding", new long[] { extra, extra }), ("dilations", new long[] { dilation, dilation })];
        attributes.Add(padding == "NOTSET" ? ("pads", new long[] { pad, 0, pad, pad }) : ("auto_pad", padding));
        g.Output(g.Op("ConvTranspose", [g.Input(1, 3, 5, 4), g.Weight(1, 3, 2, 3, 3)], [.. attributes]));
        AssertShapes(g.Build(), padding);
    }

    [Theory]
    [InlineData(new long[] { 5 }, new long[] { 5 })]
    [InlineData(new long[] { 5 }, new long[] { 5, 3 })]
    [InlineData(new long[] { 4, 5 }, new long[] { 5 })]
    [InlineData(new long[] { 5 }, new long[] { 2, 5, 3 })]
    [InlineData(new long[] { 2, 4, 5 }, new long[] { 5 })]
    [InlineData(new long[] { 3, 1, 4, 5 }, new long[] { 2, 5, 3 })]
    public void Infer_MatMulOfAnyRanks_EqualsTheRuntimesShapes(long[] a, long[] b)
    {
        GraphBuilder g = new();
        g.Output(g.MatMul(g.Input(a), g.Input(b)));
        AssertShapes(g.Build(), "MatMul");
    }

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(-3, -1, 1)]
    [InlineData(6, 0, -2)]
    [InlineData(long.MaxValue, long.MinValue, -1)]
    [InlineData(1, 100, 3)]
    [InlineData(-100, 100, 2)]
    public void Infer_SliceRanges_EqualsTheRuntimesShapes(long start, long end, long step)
    {
        GraphBuilder g = new();
        g.Output(g.Slice(g.Input(1, 7), 1, start, end, step));
        AssertShapes(g.Build(), "Slice");
    }

    [Fact]
    public void Infer_UnevenSplit_GivesTheRemainderToTheLastPart()
    {
        GraphBuilder g = new(1, opset: 18);
        foreach (var part in g.Ops("Split", 3, [g.Input(1, 7)], ("axis", 1), ("num_outputs", 3)))
        {
            g.Output(part);
        }

        AssertShapes(g.Build(), "Split");
    }

    [Fact]
    public void Infer_AxesThatDoNotExist_ThrowsModelException()
    {
        GraphBuilder g = new();
        var model = g.Build();
        var editor = new GraphEditor(model.Graph);
        var node = editor.AddNode("Transpose", [g.Input(1, 7)], "y");
        editor.SetAttribute(node, "perm", new AttributeValue.Ints([0, 5]));
        editor.AddGraphOutput(node.Output);
        Assert.Equal(ErrorCode.ShapeMismatch, Assert.Throws<ModelException>(() => ShapeInference.Infer(model.Graph)).Code);
    }

    private static void AssertShapes(Model model, string description)
    {
        var inferred = ShapeInference.Infer(model.Graph);
        foreach (var (name, tensor) in Runtime.RunAll(model, Feeds.Random(model, 1)))
        {
            if (inferred.Find(model.Graph.Values[name]) is { } shape)
            {
                Assert.True(shape.AsSpan().SequenceEqual(tensor.Dims), $"{name}: [{string.Join(", ", shape)}] but is [{string.Join(", ", tensor.Dims.ToArray())}]; {description}");
            }
            else
            {
                AssertMayBeUnknown(model.Graph.Values[name].Producer!, description);
            }
        }
    }

    // Only shapes that the model computes, and what follows from them, may stay unknown.
    private static void AssertMayBeUnknown(Node node, string description) =>
        Assert.True(Ancestors(node).Any(n => OperatorRegistry.Find(n) is null || (n.OperatorType is "Reshape" && n.Input(1)!.Constant is null)), $"{node} has no shape; {description}");

    private static IEnumerable<Node> Ancestors(Node node) =>
        node.Inputs.Select(v => v?.Producer).OfType<Node>().SelectMany(Ancestors).Prepend(node);
}
