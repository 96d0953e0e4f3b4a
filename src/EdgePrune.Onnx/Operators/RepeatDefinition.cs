namespace EdgePrune.Onnx;

/// <summary>
/// Expand and Tile with constant arguments: an axis of size 1 that becomes n channels gives n equal ones, any number of
/// which may stay; a tiled axis keeps the same channels in every copy.
/// </summary>
internal sealed class RepeatDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Expand", "Tile"];

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || (node.Input(1)?.Constant ?? shapes.FindIntegers(node.Input(1)))?.ToInts() is not { } argument)
        {
            return null;
        }

        return node.OperatorType == "Expand" ? [BroadcastRules.Shape([data, argument])] : [[.. data.Zip(argument, (d, r) => d * r)]];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        if (NodeArguments.IsComputed(node, 1))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} repeats as often as the model computes."));
            return;
        }

        var shift = shapes.Rank(output) - shapes.Rank(data);
        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            var (from, to) = (shapes.Size(data, axis), shapes.Size(output, axis + shift));
            if (from > 1)
            {
                links.Tie(data, axis, output, axis + shift, from == to ? null : new IndexMap.Block(to / from, 1));
            }
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        if (node.Input(1)?.Constant?.ToInts() is not { } old)
        {
            return;
        }

        var (data, changed) = (change.OldShape(node.Input(0)!), old.ToArray());
        var rank = change.OldShape(node.Output).Length;
        for (var i = 0; i < old.Length; i++)
        {
            var (axis, source) = (rank - old.Length + i, data.Length - old.Length + i);
            var single = source < 0 || data[source] == 1;
            if (old[i] > 1 && change.Shrank(node.Output, axis) && (single || node.OperatorType == "Expand"))
            {
                changed[i] = change.Kept(node.Output, axis).Count;
            }
        }

        if (!changed.SequenceEqual(old))
        {
            change.SetConstant(node, 1, Tensor.Vector(changed));
        }
    }
}
