namespace EdgePrune.Onnx;

/// <summary>Reductions over axes. Sums, means, norms and extremes can do with fewer channels; other reduced axes stay whole.</summary>
internal sealed class ReduceDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types =>
    [
        "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
        "ReduceLogSumExp", "ReduceSumSquare", "ArgMax", "ArgMin",
    ];

    public override bool KeepsScale(Node node, ShapeTable shapes) => node.OperatorType is "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceL1" or "ReduceL2";

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => node.OperatorType is "ReduceMean" or "ReduceMax" or "ReduceMin" ? ShiftRule.Kept : ShiftRule.Changed;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || NodeArguments.IsComputed(node, 1))
        {
            return null;
        }

        var reduced = Reduced(node, data.Length);
        return KeepsAxes(node)
            ? [[.. data.Select((d, axis) => reduced.Contains(axis) ? 1 : d)]]
            : [[.. data.Where((_, axis) => !reduced.Contains(axis))]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (NodeArguments.IsComputed(node, 1))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes axes that are computed when the model runs."));
            return;
        }

        var (data, target) = (node.Input(0)!, 0);
        var reduced = Reduced(node, shapes.Rank(data));
        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            if (reduced.Contains(axis))
            {
                LinkReduced(node, axis, reduced, links);
                target += KeepsAxes(node) ? 1 : 0;
            }
            else
            {
                links.Tie(data, axis, node.Output, target++);
            }
        }
    }

    private static void LinkReduced(Node node, int axis, int[] reduced, AxisLinks links)
    {
        var data = node.Input(0)!;
        if (Fill(node.OperatorType) is not { } fill)
        {
            links.Pin(data, axis, new PinReason(PinKind.MixesAxis, $"Node {node} reduces axis {axis} of '{data.Name}' to one number."));
            return;
        }

        links.Reduce(new ChannelReduction
        {
            Node = node,
            Kind = ReductionKind.Pooling,
            Data = new AxisRef(data, axis),
            Axes = reduced,
            Fill = fill,
            Text = $"Node {node} reduces axis {axis} of '{data.Name}' over the kept channels only.",
        });
    }

    // What a channel counts as that is not there.
    private static ReductionFill? Fill(string type) => type switch
    {
        "ReduceMean" => ReductionFill.Mean,
        "ReduceMax" => ReductionFill.Lowest,
        "ReduceMin" => ReductionFill.Highest,
        "ReduceSum" or "ReduceL1" or "ReduceL2" or "ReduceSumSquare" => ReductionFill.Zero,
        _ => null,
    };

    private static bool KeepsAxes(Node node) => node.Int("keepdims", 1) != 0;

    private static int[] Reduced(Node node, int rank)
    {
        if (node.OperatorType is "ArgMax" or "ArgMin")
        {
            return [NodeArguments.Axis(node.Int("axis", 0), rank)];
        }

        var axes = NodeArguments.Ints(node, "axes", 1) ?? [];
        return axes.Count > 0
            ? NodeArguments.Axes(axes, rank)
            : node.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank)];
    }
}
