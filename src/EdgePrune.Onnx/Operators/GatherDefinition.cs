namespace EdgePrune.Onnx;

/// <summary>
/// Picks indices of one axis. A constant vector of indices only reorders or repeats channels, as in a channel shuffle;
/// otherwise the axis that is picked from stays whole and the others go through.
/// </summary>
internal sealed class GatherDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Gather"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

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

        links.Pin(data, picked, new PinReason(PinKind.NotCovered, $"Node {node} picks from axis {picked} of '{data.Name}' by {(indices.Constant is null ? "computed indices" : "indices that form no vector")}."));
        for (var axis = 0; axis < shapes.Rank(indices); axis++)
        {
            links.Tie(indices, axis, node.Output, picked + axis);
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var (data, indices) = (node.Input(0)!, node.Input(1)!);
        var axis = NodeArguments.Axis(node.Int("axis", 0), change.OldShape(data).Length);
        if (indices.Constant is not { Rank: 1 } constant || (!change.Shrank(data, axis) && !change.Shrank(node.Output, axis)))
        {
            return;
        }

        var place = change.Kept(data, axis).Select((old, now) => (old, now)).ToDictionary(p => p.old, p => (long)p.now);
        var old = Indices(constant, (int)change.OldShape(data)[axis]);
        change.SetConstant(node, 1, Tensor.Vector([.. change.Kept(node.Output, axis).Select(i => place[old[i]])]));
    }

    private static int[] Indices(Tensor constant, int size) => NodeArguments.Axes(constant.ToInts(), size);
}
