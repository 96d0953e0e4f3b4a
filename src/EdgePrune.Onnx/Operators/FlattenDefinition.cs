namespace EdgePrune.Onnx;

/// <summary>Flattens the axes before and from <c>axis</c> to one each.</summary>
internal sealed class FlattenDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Flatten"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data)
        {
            return null;
        }

        var axis = Axis(node, data.Length);
        return [[Tensor.Elements(data.AsSpan(0, axis)), Tensor.Elements(data.AsSpan(axis))]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links) =>
        ReshapeLinks.Declare(node, node.Input(0)!, shapes, links);

    private static int Axis(Node node, int rank)
    {
        var axis = (int)node.Int("axis", 1);
        return axis < 0 ? axis + rank : axis;
    }
}
