namespace EdgePrune.Onnx;

/// <summary>Cuts an axis into parts. Implicit equal parts become explicit sizes once channels are gone.</summary>
internal sealed class SplitDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Split"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || NodeArguments.IsComputed(node, 1))
        {
            return null;
        }

        var axis = NodeArguments.Axis(node.Int("axis", 0), data.Length);
        return [.. Sizes(node, data[axis]).Select(size => data.Select((d, a) => a == axis ? size : d).ToArray())];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var data = node.Input(0)!;
        if (NodeArguments.IsComputed(node, 1))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes sizes that are computed when the model runs."));
            return;
        }

        var cut = NodeArguments.Axis(node.Int("axis", 0), shapes.Rank(data));
        var start = 0L;
        foreach (var (output, size) in node.Outputs.Zip(Sizes(node, shapes[data][cut])))
        {
            for (var axis = 0; output is not null && axis < shapes.Rank(data); axis++)
            {
                links.Tie(data, axis, output, axis, axis == cut ? new IndexMap.Offset((int)start, 0, (int)size) : null);
            }

            start += size;
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var data = node.Input(0)!;
        var axis = NodeArguments.Axis(node.Int("axis", 0), change.OldShape(data).Length);
        if (NodeArguments.IsComputed(node, 1) || !change.Shrank(data, axis))
        {
            return;
        }

        var kept = change.Kept(data, axis);
        List<long> sizes = [];
        var start = 0L;
        foreach (var size in Sizes(node, change.OldShape(data)[axis]))
        {
            sizes.Add(kept.Count(i => i >= start && i < start + size));
            start += size;
        }

        if (node.Opset >= 13)
        {
            change.SetAttribute(node, "num_outputs", null);
            change.SetConstant(node, 1, Tensor.Vector([.. sizes]));
        }
        else
        {
            change.SetAttribute(node, "split", new AttributeValue.Ints(sizes));
        }
    }

    private static IEnumerable<long> Sizes(Node node, long total)
    {
        if (NodeArguments.Ints(node, "split", 1) is { } sizes)
        {
            return sizes.Sum() == total && sizes.Count == node.Outputs.Count ? sizes : throw new ArgumentException("The parts do not add up to the whole.");
        }

        // Equal parts, the last one smaller when they do not fit.
        var part = (total + node.Outputs.Count - 1) / node.Outputs.Count;
        return node.Outputs.Select((_, i) => Math.Clamp(total - (i * part), 0, part));
    }
}
