namespace EdgePrune.Onnx;

/// <summary>Operators that reorder, cut or pick along certain axes and let the others through: those axes stay whole.</summary>
internal sealed class SequenceDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["ReverseSequence", "Trilu", "TopK"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data)
        {
            return null;
        }

        if (node.OperatorType != "TopK")
        {
            return [data];
        }

        // Operator sets before 10 have the count as an attribute.
        var count = node.Input(1)?.Constant?.ToInts()[0] ?? node.Int("k", -1);
        if (count < 0)
        {
            return null;
        }

        var picked = data.ToArray();
        picked[Whole(node, data.Length)[0]] = count;
        return [.. node.Outputs.Select(_ => picked)];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, rank) = (node.Input(0)!, shapes.Rank(node.Input(0)!));
        var whole = Whole(node, rank);
        foreach (var value in node.Outputs.OfType<Value>())
        {
            for (var axis = 0; axis < rank; axis++)
            {
                if (!whole.Contains(axis))
                {
                    links.Tie(data, axis, value, axis);
                }
            }
        }

        foreach (var value in node.Outputs.OfType<Value>().Append(data))
        {
            foreach (var axis in whole)
            {
                links.Pin(value, axis, new PinReason(PinKind.MixesAxis, $"Node {node} works along axis {axis}."));
            }
        }
    }

    private static int[] Whole(Node node, int rank) => node.OperatorType switch
    {
        "ReverseSequence" => NodeArguments.Axes([node.Int("time_axis", 0), node.Int("batch_axis", 1)], rank),
        "Trilu" => [rank - 2, rank - 1],
        _ => [NodeArguments.Axis(node.Int("axis", -1), rank)],
    };
}
