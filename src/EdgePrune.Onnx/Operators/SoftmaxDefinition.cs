namespace EdgePrune.Onnx;

/// <summary>
/// Operators whose result along an axis depends on the whole axis. Before operator set 13 the softmax family flattens its
/// input at <c>axis</c> (default 1), so that all axes from there on are mixed.
/// </summary>
internal sealed class SoftmaxDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Softmax", "LogSoftmax", "Hardmax", "CumSum"];

    public override QuantizationRule QuantizationOf(Node node) =>
        node.OperatorType == "Softmax" ? QuantizationRule.Activation : QuantizationRule.Float;

    public override IReadOnlyList<long[]?> InferShapes(Node node, ShapeTable shapes) => [shapes.Find(node.Input(0))];

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var rank = shapes.Rank(node.Output);
        AxisRules.TieAll(links, node.Input(0)!, node.Output, rank);
        foreach (var axis in MixedAxes(node, rank))
        {
            links.Pin(node.Output, axis, new PinReason(PinKind.MixesAxis, $"Node {node} computes every element from all of axis {axis}."));
        }
    }

    private static IEnumerable<int> MixedAxes(Node node, int rank)
    {
        if (node.OperatorType == "CumSum")
        {
            return node.Input(1)?.Constant is { Count: 1 } axis ? [NodeArguments.Axis(axis.ToInts()[0], rank)] : Enumerable.Range(0, rank);
        }

        return node.Opset >= 13
            ? [NodeArguments.Axis(node.Int("axis", -1), rank)]
            : Enumerable.Range(0, rank).Skip(NodeArguments.Axis(node.Int("axis", 1), rank));
    }
}
