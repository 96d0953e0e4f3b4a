namespace EdgePrune.Onnx;

/// <summary>
/// Sizes as numbers. Channels do not flow into them, but what computes with the size of an axis would change silently:
/// axes whose size is read stay whole. Sizes that are fixed are folded before.
/// </summary>
internal sealed class ShapeDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Shape", "Size"];

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (node.OperatorType == "Size")
        {
            return [[]];
        }

        return shapes.Find(node.Input(0)) is { } data ? [[Range(node, data.Length).Count()]] : null;
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var data = node.Input(0)!;
        foreach (var axis in ReadAxes(node, shapes.Rank(data)))
        {
            links.Pin(data, axis, new PinReason(PinKind.UnknownShape, $"Node {node} reads the size of axis {axis} of '{data.Name}', and the model computes with it."));
        }

        links.PinAll(node.Output, shapes.Rank(node.Output), new PinReason(PinKind.UnknownShape, $"Node {node} gives sizes, not channels."));
    }

    private static IEnumerable<int> ReadAxes(Node node, int rank)
    {
        if (node.OperatorType == "Size")
        {
            return Enumerable.Range(0, rank);
        }

        int[] range = [.. Range(node, rank)];
        return node.Output.IsGraphOutput ? range : node.Output.Uses.SelectMany(u => Picked(u, range)).Distinct();
    }

    private static IEnumerable<int> Picked(Use use, int[] range) =>
        use is { Index: 0, Node: { OperatorType: "Gather", Domain: "" } } && use.Node.Input(1)?.Constant is { } indices
            ? NodeArguments.Axes(indices.ToInts(), range.Length).Select(i => range[i])
            : range;

    // The attributes start and end of operator set 15 clamp like a slice.
    public static IEnumerable<int> Range(Node node, int rank)
    {
        var (start, end) = (Clamp(node.Int("start", 0), rank), Clamp(node.Int("end", rank), rank));
        return Enumerable.Range(start, Math.Max(0, end - start));
    }

    private static int Clamp(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);
}
