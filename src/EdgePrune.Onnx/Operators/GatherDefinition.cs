namespace EdgePrune.Onnx;

/// <summary>
/// Picks indices of one axis. A constant vector of indices only reorders or repeats channels, as in a channel shuffle; a
/// constant number or table keeps what it picks and lets go of the rest. With computed indices, as of an embedding, the axis
/// stays whole; a constant that is picked from makes the channels of its other axes.
/// </summary>
internal sealed class GatherDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Gather"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => node.Input(1)?.Constant is not null;

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => KeepsScale(node, shapes) ? ShiftRule.Kept : ShiftRule.Changed;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || shapes.Find(node.Input(1)) is not { } indices)
        {
            return null;
        }

        var axis = NodeArguments.Axis(node.Int("axis", 0), data.Length);
        return [[.. data[..axis], .. indices, .. data[(axis + 1)..]]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, indices) = (node.Input(0)!, node.Input(1)!);
        var picked = NodeArguments.Axis(node.Int("axis", 0), shapes.Rank(data));
        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            if (axis != picked)
            {
                links.Tie(data, axis, node.Output, axis < picked ? axis : axis + shapes.Rank(indices) - 1);
            }
        }

        if (indices.Constant is { Rank: 1 } constant)
        {
            links.Tie(data, picked, node.Output, picked, new IndexMap.Lookup(Indices(constant, shapes.Size(data, picked))));
            return;
        }

        PinPicked(node, picked, shapes, links);
        for (var axis = 0; axis < shapes.Rank(indices); axis++)
        {
            links.Tie(indices, axis, node.Output, picked + axis);
        }

        if (data.Constant?.ElementType.IsFloat() == true && shapes.Rank(data) > 1)
        {
            CarryRows(node, picked, shapes, links);
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var (data, indices) = (node.Input(0)!, node.Input(1)!);
        var axis = NodeArguments.Axis(node.Int("axis", 0), change.OldShape(data).Length);
        if (indices.Constant is not { } constant || (!change.Shrank(data, axis) && (constant.Rank != 1 || !change.Shrank(node.Output, axis))))
        {
            return;
        }

        var place = change.Kept(data, axis).Index().ToDictionary(p => p.Item, p => (long)p.Index);
        var old = Indices(constant, (int)change.OldShape(data)[axis]);
        var kept = constant.Rank == 1 ? change.Kept(node.Output, axis).Select(i => old[i]) : old;
        long[] renumbered = [.. kept.Select(i => place[i])];
        change.SetConstant(node, 1, Tensor.Of(constant.Rank == 1 ? [renumbered.Length] : constant.Dims, renumbered));
    }

    private static void PinPicked(Node node, int picked, ShapeTable shapes, AxisLinks links)
    {
        var (data, indices) = (node.Input(0)!, node.Input(1)!);
        if (indices.Constant is { } constant)
        {
            links.PinIndices(data, picked, [.. Indices(constant, shapes.Size(data, picked)).Distinct()],
                new PinReason(PinKind.NotCovered, $"Node {node} picks single indices of axis {picked} of '{data.Name}'."));
        }
        else
        {
            links.Pin(data, picked, new PinReason(PinKind.NotCovered, $"Node {node} picks from axis {picked} of '{data.Name}' by computed indices."));
        }
    }

    private static void CarryRows(Node node, int picked, ShapeTable shapes, AxisLinks links)
    {
        var (data, indices) = (node.Input(0)!, node.Input(1)!);
        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            if (axis != picked)
            {
                links.Carry(new ChannelCarry
                {
                    Node = node,
                    Weight = new AxisRef(data, axis),
                    Output = new AxisRef(node.Output, axis < picked ? axis : axis + shapes.Rank(indices) - 1),
                    Macs = 0,
                });
            }
        }
    }

    private static int[] Indices(Tensor constant, int size) => NodeArguments.Axes(constant.ToInts(), size);
}
