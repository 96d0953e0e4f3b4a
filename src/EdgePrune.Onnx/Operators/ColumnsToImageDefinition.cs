namespace EdgePrune.Onnx;

/// <summary>
/// Adds columns up to an image: [N, C * block, L] to [N, C, space..]. The block's columns of a channel are neighbours and go
/// with it.
/// </summary>
internal sealed class ColumnsToImageDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Col2Im"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } data && node.Input(1)?.Constant is { } image && node.Input(2)?.Constant is { } block
            ? [[data[0], data[1] / Tensor.Elements(block.ToInts()), .. image.ToInts()]]
            : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        links.Tie(data, 0, output, 0);
        links.Tie(output, 1, data, 1, new IndexMap.Block(1, shapes.Size(data, 1) / shapes.Size(output, 1)));
        links.Pin(data, 2, new PinReason(PinKind.SpatialAxis, $"Axis 2 of '{data.Name}' is one of space for node {node}."));
        AxisRules.PinSpace(links, node, output, shapes);
    }
}
