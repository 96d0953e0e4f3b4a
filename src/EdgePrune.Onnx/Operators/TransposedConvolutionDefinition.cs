namespace EdgePrune.Onnx;

/// <summary>
/// Transposed convolution. Weight [Cin, Cout / group, k..]: the axes stand the other way round than in Conv. In groups, block
/// q of the input gives block q of the output; with one input channel a group, every channel is carried through.
/// </summary>
internal sealed class TransposedConvolutionDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["ConvTranspose"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || shapes.Find(node.Input(1)) is not { } weight)
        {
            return null;
        }

        var extents = weight[2..].Select((kernel, axis) => Extent(node, axis, weight.Length - 2, data[axis + 2], kernel));
        return [[data[0], weight[1] * node.Int("group", 1), .. extents]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight, output) = (node.Input(0)!, node.Input(1)!, node.Output);
        AxisRules.TieFirstPinRest(links, node, data, shapes, tied: 1);
        AxisRules.PinSpace(links, node, weight, shapes);
        if (node.Input(2) is { } bias)
        {
            links.Tie(bias, 0, output, 1);
        }

        if (weight.Constant is null)
        {
            var reason = new PinReason(PinKind.NotCovered, $"Node {node} computes its weight '{weight.Name}'; only constant weights are pruned.");
            links.Pin(data, 1, reason);
            links.Pin(output, 1, reason);
            links.PinAll(weight, 2, reason);
            return;
        }

        links.Tie(data, 1, weight, 0);
        if (IsDepthwise(node, shapes[data][1]))
        {
            Carry(node, shapes, links);
        }
        else
        {
            Contract(node, shapes, links);
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var (data, groups) = (node.Input(0)!, (int)node.Int("group", 1));
        if (IsDepthwise(node, change.OldShape(data)[1]))
        {
            change.SetAttribute(node, "group", new AttributeValue.Int(change.Kept(data, 1).Count));
        }
        else if (groups > 1)
        {
            GroupedKernels.Slice(node, change, node.Output, groups);
        }
    }

    // Every channel has kernels of its own, one for each of its outputs, which go together.
    private static void Carry(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight) = (node.Input(0)!, node.Input(1)!);
        links.Tie(data, 1, node.Output, 1, new IndexMap.Block(1, shapes.Size(weight, 1)));
        links.Carry(new ChannelCarry
        {
            Node = node,
            Weight = new AxisRef(weight, 0),
            Output = new AxisRef(node.Output, 1),
            BiasInput = 2,
            Macs = Macs(node, shapes),
        });
    }

    private static void Contract(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, weight, groups) = (node.Input(0)!, node.Input(1)!, (int)node.Int("group", 1));
        links.Contract(new Contraction
        {
            Node = node,
            Data = new AxisRef(data, 1),
            Weight = new AxisRef(weight, 0),
            WeightOutputAxis = 1,
            Output = new AxisRef(node.Output, 1),
            TrailingAxes = shapes.Rank(node.Output) - 2,
            BiasInput = 2,
            Blocks = groups,
            OutputAxisIsPerBlock = groups > 1,
            Macs = Macs(node, shapes),
        });
        if (groups == 1)
        {
            links.Tie(weight, 1, node.Output, 1);
            return;
        }

        links.RequireEqualBlocks(data, 1, groups);
        links.RequireEqualBlocks(node.Output, 1, groups);
    }

    private static long Macs(Node node, ShapeTable shapes) =>
        shapes.Count(node.Input(0)!) * shapes.Count(node.Input(1)!) / shapes.Size(node.Input(1)!, 0);

    private static bool IsDepthwise(Node node, long channels) => node.Int("group", 1) is var groups && groups > 1 && groups == channels;

    private static long Extent(Node node, int axis, int axes, long size, long kernel)
    {
        if (node.Ints("output_shape") is { } shape)
        {
            return shape[shape.Count - axes + axis];
        }

        var stride = node.Ints("strides")?[axis] ?? 1;
        if (node.Text("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER")
        {
            return size * stride;
        }

        var reach = ((kernel - 1) * (node.Ints("dilations")?[axis] ?? 1)) + 1;
        var pads = node.Ints("pads");
        return (stride * (size - 1)) + (node.Ints("output_padding")?[axis] ?? 0) + reach - (pads?[axis] ?? 0) - (pads?[axis + axes] ?? 0);
    }
}
