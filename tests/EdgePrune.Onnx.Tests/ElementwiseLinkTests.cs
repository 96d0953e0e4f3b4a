using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of elementwise operators, reductions, pooling and what mixes an axis; and the quantization rules.</summary>
public sealed class ElementwiseLinkTests
{
    private readonly GraphBuilder _g = new();

    [Fact]
    public void Add_BroadcastConstant_TiesOnlyAxesAboveOne() =>
        Assert.Equal(["input1[0]=add1[0]", "input1[1]=add1[1]", "input1[2]=add1[2]", "weight1[0]=add1[1]"], LinkView.Of(_g.Add(_g.Input(2, 3, 4), _g.Weight(1, 3, 1)), _g).Ties);

    [Fact]
    public void Mul_ScalarConstant_IsLeftAlone() =>
        Assert.DoesNotContain(LinkView.Of(_g.Mul(_g.Input(2, 3), _g.Scalar(2)), _g).Ties, t => t.Contains("scalar", StringComparison.Ordinal));

    [Fact]
    public void Where_TiesAllThreeInputs()
    {
        var mask = _g.Input(ElementType.Bool, [3L]);
        Assert.Equal(["input1[0]=where1[1]", "input2[0]=where1[0]", "input2[1]=where1[1]", "input3[0]=where1[0]"], LinkView.Of(_g.Op("Where", [mask, _g.Input(2, 3), _g.Input(2, 1)]), _g).Ties);
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Clip")]
    [InlineData("Identity")]
    public void Unary_TiesEveryAxis(string type) =>
        Assert.Equal(["input1[0]", "input1[1]"], LinkView.Of(_g.Op(type, [_g.Input(2, 3)]), _g).Links.Ties.Select(t => t.A.ToString()));

    [Fact]
    public void MaxPool_WithPositions_PinsThem()
    {
        var results = _g.Ops("MaxPool", 2, [_g.Input(1, 3, 4, 4)], ("kernel_shape", new long[] { 2, 2 }));
        _g.Output(results[1]);
        Assert.Contains("maxpool1_1[1] MixesAxis", LinkView.Of(results[0], _g).Pins);
    }

    [Theory]
    [InlineData(true, "input1[2]=reducemean1[2]")]
    [InlineData(false, "input1[2]=reducemean1[1]")]
    public void Reduce_OfChannels_CombinesThemAndRenumbers(bool keep, string tie)
    {
        var view = LinkView.Of(_g.ReduceMean(_g.Input(2, 3, 4), keep, 1), _g);
        Assert.Empty(view.Pins);
        Assert.Equal("input1[1] Mean", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Fill}" : "");
        Assert.Contains(tie, view.Ties);
    }

    [Fact]
    public void ArgMax_PinsItsAxis() =>
        Assert.Equal(["input1[1] MixesAxis"], LinkView.Of(_g.Op("ArgMax", [_g.Input(2, 3)], ("axis", -1)), _g).Pins);

    [Theory]
    [InlineData(9, 3)]
    [InlineData(13, 1)]
    public void Softmax_ByOpset_PinsTheAxesItMixes(int opset, int pinned)
    {
        GraphBuilder g = new(1, opset);
        Assert.Equal(pinned, LinkView.Of(g.Op("Softmax", [g.Input(2, 3, 4, 5)]), g).Pins.Count());
    }

    [Fact]
    public void InstanceNormalization_TiesChannelsAndPinsSpace()
    {
        var view = LinkView.Of(_g.InstanceNorm(_g.Input(1, 3, 4, 4)), _g);
        Assert.Contains("gamma1[0]=instancenormalization1[1]", view.Ties);
        Assert.Equal(["instancenormalization1[2] SpatialAxis", "instancenormalization1[3] SpatialAxis"], view.Pins);
    }

    [Theory]
    [InlineData("Add", QuantizationRule.Activation)]
    [InlineData("Sub", QuantizationRule.Float)]
    [InlineData("Concat", QuantizationRule.Activation)]
    [InlineData("Relu", QuantizationRule.FusedActivation)]
    [InlineData("Clip", QuantizationRule.FusedActivation)]
    [InlineData("Sigmoid", QuantizationRule.Activation)]
    [InlineData("HardSwish", QuantizationRule.Float)]
    [InlineData("MaxPool", QuantizationRule.Movement)]
    [InlineData("GlobalAveragePool", QuantizationRule.Activation)]
    [InlineData("Conv", QuantizationRule.Weighted)]
    [InlineData("ConvTranspose", QuantizationRule.Float)]
    [InlineData("Reshape", QuantizationRule.Movement)]
    [InlineData("Pad", QuantizationRule.Float)]
    public void QuantizationOf_EveryFamily_IsWhatTheRuntimeFuses(string type, QuantizationRule rule)
    {
        var node = new GraphEditor(ModelFactory.Create("one").Graph).AddNode(type, [], "y");
        Assert.Equal(rule, OperatorRegistry.Find(node)!.QuantizationOf(node));
    }

    [Fact]
    public void EveryPin_NamesItsNode()
    {
        foreach (var model in TestModels.Names.Select(TestModels.Make))
        {
            var shapes = ShapeInference.Infer(model.Graph);
            foreach (var node in model.Graph.Nodes.Where(n => OperatorRegistry.Find(n) is not null && shapes.Covers(n)))
            {
                var links = new AxisLinks();
                OperatorRegistry.Find(node)!.Link(node, shapes, links);
                Assert.All(links.Pins, p => Assert.Contains(node.ToString(), p.Reason.Text, StringComparison.Ordinal));
                Assert.All(links.Pins, p => Assert.EndsWith(".", p.Reason.Text, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void EveryWideAxisOfDataAndResults_IsTiedContractedMergedOrPinned()
    {
        foreach (var model in TestModels.Names.Select(TestModels.Make))
        {
            var shapes = ShapeInference.Infer(model.Graph);
            foreach (var node in model.Graph.Nodes.Where(n => OperatorRegistry.Find(n) is not (null or ShapeDefinition) && shapes.Covers(n)))
            {
                var links = new AxisLinks();
                OperatorRegistry.Find(node)!.Link(node, shapes, links);
                var mentioned = Mentioned(links).ToHashSet();
                var axes = node.Inputs.OfType<Value>().Where(v => v.Constant is null && v.ElementType.IsFloat())
                    .SelectMany(v => Enumerable.Range(0, shapes.Rank(v)).Where(a => shapes.Size(v, a) > 1).Select(a => new AxisRef(v, a)));
                Assert.All(axes, axis => Assert.True(mentioned.Contains(axis), $"{node} says nothing about {axis}."));
            }
        }
    }

    private static IEnumerable<AxisRef> Mentioned(AxisLinks links) =>
    [
        .. links.Ties.SelectMany(t => new[] { t.A, t.B }), .. links.Contractions.SelectMany(c => new[] { c.Data, c.Weight, c.Output }), .. links.Pins.Select(p => p.Axis),
        .. links.Products.SelectMany(p => p.Factors.Append(p.Merged)), .. links.Regroups.SelectMany(r => r.A.Concat(r.B)), .. links.Reductions.Select(r => r.Data),
    ];
}
