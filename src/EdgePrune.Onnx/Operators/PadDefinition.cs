namespace EdgePrune.Onnx;

/// <summary>
/// Adds elements before and after, or crops by negative counts. Constant padding of a channel axis only shifts the
/// channels; when some go, the counts are those of the padded channels that stay.
/// </summary>
internal sealed class PadDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Pad"];

    // What is put around the data is not scaled: only zeros, or the data itself, come out right.
    public override bool KeepsScale(Node node, ShapeTable shapes) => node.Text("mode", "constant") != "constant" || Fill(node) == 0;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes) =>
        shapes.Find(node.Input(0)) is { } data && Counts(node, data.Length) is { } counts
            ? [[.. data.Select((d, axis) => d + counts[axis].Begin + counts[axis].End)]]
            : null;

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        if (Counts(node, shapes.Rank(data)) is not { } counts)
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes pads that are computed when the model runs."));
            return;
        }

        for (var axis = 0; axis < counts.Length; axis++)
        {
            LinkAxis(node, axis, counts[axis], shapes.Size(data, axis), links);
        }
    }

    private static void LinkAxis(Node node, int axis, (long Begin, long End) count, int size, AxisLinks links)
    {
        var (data, output) = (node.Input(0)!, node.Output);
        if (count is (0, 0))
        {
            links.Tie(data, axis, output, axis);
        }
        else if (node.Text("mode", "constant") == "constant")
        {
            var (from, to) = ((int)Math.Max(0, -count.Begin), (int)Math.Max(0, count.Begin));
            var kept = size - from - (int)Math.Max(0, -count.End);
            links.Tie(data, axis, output, axis, new IndexMap.Offset(from, to, Math.Max(0, kept)));
        }
        else
        {
            var reason = new PinReason(PinKind.MixesAxis, $"Node {node} repeats elements along axis {axis}.");
            links.Pin(data, axis, reason);
            links.Pin(output, axis, reason);
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var data = node.Input(0)!;
        if (Literal(node) is not { } literal || Counts(node, change.OldShape(data).Length) is not { } counts)
        {
            return;
        }

        var axes = Axes(node, counts.Length);
        var changed = literal.ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            if (change.Shrank(data, axes[i]) || change.Shrank(node.Output, axes[i]))
            {
                (changed[i], changed[i + axes.Length]) = Remaining(change, node, axes[i], counts[axes[i]]);
            }
        }

        if (!changed.SequenceEqual(literal))
        {
            NodeArguments.SetInts(node, "pads", 1, changed, change);
        }
    }

    private static (long Begin, long End) Remaining(ResizeContext change, Node node, int axis, (long Begin, long End) count)
    {
        var data = node.Input(0)!;
        var (input, output) = (change.Kept(data, axis), change.Kept(node.Output, axis));
        var (sizeIn, sizeOut) = (change.OldShape(data)[axis], change.OldShape(node.Output)[axis]);
        return (
            count.Begin >= 0 ? output.Count(i => i < count.Begin) : -input.Count(i => i < -count.Begin),
            count.End >= 0 ? output.Count(i => i >= sizeOut - count.End) : -input.Count(i => i >= sizeIn + count.End));
    }

    private static float Fill(Node node) => node.Input(2) is { } value
        ? value.Constant is { ElementType: ElementType.Float32, Count: 1 } constant ? constant.Span<float>()[0] : float.NaN
        : node.Float("value", 0);

    private static IReadOnlyList<long>? Literal(Node node) => node.Ints("paddings") ?? NodeArguments.Ints(node, "pads", 1);

    private static int[] Axes(Node node, int rank) => node.Input(3)?.Constant is { } axes
        ? NodeArguments.Axes(axes.ToInts(), rank)
        : [.. Enumerable.Range(0, rank)];

    private static (long Begin, long End)[]? Counts(Node node, int rank)
    {
        if (Literal(node) is not { } literal || NodeArguments.IsComputed(node, 3))
        {
            return null;
        }

        var counts = new (long, long)[rank];
        var axes = Axes(node, rank);
        for (var i = 0; i < axes.Length; i++)
        {
            counts[axes[i]] = (literal[i], literal[i + axes.Length]);
        }

        return counts;
    }
}
