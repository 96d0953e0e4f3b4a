namespace EdgePrune.Onnx;

/// <summary>
/// Picks an element of one axis for every place of the indices. The other axes are the same channels where indices cover
/// them; the axis that is picked from stays whole.
/// </summary>
internal sealed class ElementGatherDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["GatherElements"];

    public override IReadOnlyList<long[]?> InferShapes(Node node, ShapeTable shapes) => [shapes.Find(node.Input(1))];

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, indices, rank) = (node.Input(0)!, node.Input(1)!, shapes.Rank(node.Output));
        var picked = NodeArguments.Axis(node.Int("axis", 0), rank);
        AxisRules.TieAll(links, indices, node.Output, rank);
        for (var axis = 0; axis < rank; axis++)
        {
            if (axis != picked && shapes.Size(data, axis) == shapes.Size(indices, axis))
            {
                links.Tie(data, axis, node.Output, axis);
            }
            else
            {
                links.Pin(data, axis, new PinReason(PinKind.NotCovered, $"Node {node} picks elements along axis {axis} of '{data.Name}'."));
                links.Pin(node.Output, axis, new PinReason(PinKind.NotCovered, $"Node {node} gives elements along axis {axis} as its indices say."));
            }
        }
    }
}
