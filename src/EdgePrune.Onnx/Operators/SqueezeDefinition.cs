namespace EdgePrune.Onnx;

/// <summary>Removes axes of size 1: those named, or all when none is named.</summary>
internal sealed class SqueezeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Squeeze"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } data && !NodeArguments.IsComputed(node, 1)
            ? [[.. KeptAxes(node, data).Select(axis => data[axis])]]
            : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (NodeArguments.IsComputed(node, 1))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes axes that are computed when the model runs."));
            return;
        }

        var kept = KeptAxes(node, shapes[node.Input(0)!]);
        for (var axis = 0; axis < kept.Length; axis++)
        {
            links.Tie(node.Input(0)!, kept[axis], node.Output, axis);
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var data = node.Input(0)!;
        var (before, after) = (change.OldShape(data), change.NewShape(data));
        if (NodeArguments.Ints(node, "axes", 1) is not null || KeptAxes(node, before).All(axis => after[axis] > 1))
        {
            return;
        }

        // An axis pruned to one channel would now be removed as well: name the axes.
        long[] axes = [.. Enumerable.Range(0, before.Length).Where(axis => before[axis] == 1).Select(axis => (long)axis)];
        if (node.Opset >= 13)
        {
            change.SetConstant(node, 1, Tensor.Vector(axes));
        }
        else
        {
            change.SetAttribute(node, "axes", new AttributeValue.Ints(axes));
        }
    }

    private static int[] KeptAxes(Node node, long[] data)
    {
        var removed = NodeArguments.Ints(node, "axes", 1) is { } axes
            ? NodeArguments.Axes(axes, data.Length)
            : [.. Enumerable.Range(0, data.Length).Where(axis => data[axis] == 1)];
        return [.. Enumerable.Range(0, data.Length).Except(removed)];
    }
}
