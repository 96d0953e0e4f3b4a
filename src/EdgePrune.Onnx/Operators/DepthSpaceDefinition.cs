namespace EdgePrune.Onnx;

/// <summary>
/// Moves channels into space or back. The block's channels of one pixel go together.
/// </summary>
/// <remarks>
/// Worked example with block size 2 and 8 channels to 2: DCR order puts channels 0, 2, 4, 6 into channel 0; CRD order
/// channels 0, 1, 2, 3.
/// </remarks>
internal sealed class DepthSpaceDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["DepthToSpace", "SpaceToDepth"];

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { Length: 4 } data)
        {
            return null;
        }

        var block = node.Int("blocksize", 1);
        return node.OperatorType == "DepthToSpace"
            ? [[data[0], data[1] / (block * block), data[2] * block, data[3] * block]]
            : [[data[0], data[1] * block * block, data[2] / block, data[3] / block]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        AxisRules.TieFirstPinRest(links, node, data, shapes, tied: 1);
        var toSpace = node.OperatorType == "DepthToSpace";
        var (narrow, wide) = toSpace ? (output, data) : (data, output);
        var (few, many) = (shapes.Size(narrow, 1), shapes.Size(wide, 1));
        var inRows = toSpace && node.Text("mode", "DCR") == "CRD";
        int[] source = [.. Enumerable.Range(0, many).Select(i => inRows ? i / (many / few) : i % few)];
        links.Tie(narrow, 1, wide, 1, new IndexMap.Lookup(source));
    }
}
