namespace EdgePrune.Onnx;

/// <summary>Operators that sample space at places which another input gives: every channel is sampled alike.</summary>
internal sealed class SamplingDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["GridSample", "RoiAlign"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || shapes.Find(node.Input(1)) is not { } places)
        {
            return null;
        }

        return node.OperatorType == "RoiAlign"
            ? [[places[0], data[1], node.Int("output_height", 1), node.Int("output_width", 1)]]
            : [[data[0], data[1], .. places[1..^1]]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        links.Tie(node.Input(0)!, 1, node.Output, 1);
        foreach (var (slot, value) in node.Inputs.Append(node.Output).Index().Where(v => v.Item is not null))
        {
            for (var axis = 0; axis < shapes.Rank(value!); axis++)
            {
                if (axis != 1 || (slot > 0 && value != node.Output))
                {
                    links.Pin(value!, axis, new PinReason(PinKind.SpatialAxis, $"Node {node} samples at places; axis {axis} of '{value!.Name}' is none of channels."));
                }
            }
        }
    }
}
