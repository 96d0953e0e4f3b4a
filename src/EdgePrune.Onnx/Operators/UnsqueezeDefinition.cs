namespace EdgePrune.Onnx;

/// <summary>Inserts axes of size 1.</summary>
internal sealed class UnsqueezeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Unsqueeze"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || NodeArguments.Ints(node, "axes", 1) is not { } axes)
        {
            return null;
        }

        var output = Enumerable.Repeat(1L, data.Length + axes.Count).ToArray();
        foreach (var (axis, size) in OldAxes(axes, output.Length).Zip(data))
        {
            output[axis] = size;
        }

        return [output];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (NodeArguments.Ints(node, "axes", 1) is not { } axes)
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes axes that are computed when the model runs."));
            return;
        }

        var old = OldAxes(axes, shapes.Rank(node.Output));
        for (var axis = 0; axis < old.Length; axis++)
        {
            links.Tie(node.Input(0)!, axis, node.Output, old[axis]);
        }
    }

    private static int[] OldAxes(IReadOnlyList<long> inserted, int rank) => [.. Enumerable.Range(0, rank).Except(NodeArguments.Axes(inserted, rank))];
}
