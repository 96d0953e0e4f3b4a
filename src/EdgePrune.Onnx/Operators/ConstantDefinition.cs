namespace EdgePrune.Onnx;

/// <summary>Constants that a node holds or fills. They stay whole: a pass turns them into initializers, which can be sliced.</summary>
internal sealed class ConstantDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Constant", "ConstantOfShape"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) => node.OperatorType == "Constant"
        ? [ConstantAttribute.Find(node)?.Dims.ToArray()]
        : [node.Input(0)?.Constant?.ToInts()];

    public override void Link(Node node, ShapeTable shapes, AxisLinks links) =>
        links.PinAll(node.Output, shapes.Rank(node.Output), new PinReason(PinKind.NotCovered, $"Node {node} makes a constant while the model runs; fold constants first."));
}
