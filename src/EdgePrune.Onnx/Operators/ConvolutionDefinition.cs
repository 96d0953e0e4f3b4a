namespace EdgePrune.Onnx;

/// <summary>
/// Convolution over any number of axes of space. Weight [Cout, Cin / group, k..]; bias [Cout]. A depthwise convolution
/// carries each channel through; a grouped one contracts within its blocks.
/// </summary>
internal sealed class ConvolutionDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Conv"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Weighted;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || shapes.Find(node.Input(1)) is not { } weight)
        {
            return null;
        }

        return [[data[0], weight[0], .. WindowShape.Extents(node, data, weight[2..])]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight) = (node.Input(0)!, node.Input(1)!);
        AxisRules.TieFirstPinRest(links, node, data, shapes, tied: 1);
        AxisRules.PinSpace(links, node, weight, shapes);
        if (node.Input(2) is { } bias)
        {
            links.Tie(bias, 0, node.Output, 1);
        }

        if (weight.Constant is null)
        {
            var reason = new PinReason(PinKind.NotCovered, $"Node {node} computes its weight '{weight.Name}'; only constant weights are pruned.");
            links.Pin(data, 1, reason);
            links.PinAll(weight, shapes.Rank(weight), reason);
            links.PinAll(node.Output, shapes.Rank(node.Output), reason);
            return;
        }

        links.Tie(weight, 0, node.Output, 1);
        LinkInput(node, shapes, links);
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var (data, weight) = (node.Input(0)!, node.Input(1)!);
        var groups = (int)node.Int("group", 1);
        if (groups == 1)
        {
            return;
        }

        if (change.OldShape(weight)[1] == 1 && groups == change.OldShape(data)[1])
        {
            change.SetAttribute(node, "group", new AttributeValue.Int(change.Kept(data, 1).Count));
            return;
        }

        GroupedKernels.Slice(node, change, data, groups);
    }

    private static void LinkInput(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight) = (node.Input(0)!, node.Input(1)!);
        var groups = (int)node.Int("group", 1);
        var (outputs, inputs) = (shapes.Size(weight, 0), shapes.Size(data, 1));
        var macs = shapes.Count(node.Output) * shapes.Count(weight) / outputs;
        if (groups == inputs && shapes.Size(weight, 1) == 1 && groups > 1)
        {
            // Depthwise: outputs m of one input channel m / k go together.
            links.Tie(data, 1, node.Output, 1, new IndexMap.Block(1, outputs / inputs));
            links.Carry(new ChannelCarry
            {
                Node = node,
                Weight = new AxisRef(weight, 0),
                Output = new AxisRef(node.Output, 1),
                BiasInput = 2,
                Macs = macs,
            });
            return;
        }

        links.Contract(new Contraction
        {
            Node = node,
            Data = new AxisRef(data, 1),
            Weight = new AxisRef(weight, 1),
            WeightOutputAxis = 0,
            Output = new AxisRef(node.Output, 1),
            TrailingAxes = shapes.Rank(node.Output) - 2,
            BiasInput = 2,
            Blocks = groups,
            Macs = macs,
        });
        if (groups > 1)
        {
            links.RequireEqualBlocks(data, 1, groups);
            links.RequireEqualBlocks(node.Output, 1, groups);
        }
    }
}
