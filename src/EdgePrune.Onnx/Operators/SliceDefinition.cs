namespace EdgePrune.Onnx;

/// <summary>Takes a range of indices of some axes; with a step other than 1 the axis stays whole.</summary>
internal sealed class SliceDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Slice"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        if (shapes.Find(node.Input(0)) is not { } data || !IsStatic(node))
        {
            return null;
        }

        var output = data.ToArray();
        foreach (var range in Ranges(node, data))
        {
            output[range.Axis] = range.Count;
        }

        return [output];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        var data = node.Input(0)!;
        if (!IsStatic(node))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.UnknownShape, $"Node {node} takes ranges that are computed when the model runs."));
            return;
        }

        var ranges = Ranges(node, shapes[data]).ToDictionary(r => r.Axis);
        for (var axis = 0; axis < shapes.Rank(data); axis++)
        {
            if (!ranges.TryGetValue(axis, out var range))
            {
                links.Tie(data, axis, node.Output, axis);
            }
            else if (range.Step == 1)
            {
                links.Tie(data, axis, node.Output, axis, new IndexMap.Offset((int)range.Start, 0, (int)range.Count));
            }
            else
            {
                var reason = new PinReason(PinKind.NotCovered, $"Node {node} takes every {range.Step}th index of axis {axis}.");
                links.Pin(data, axis, reason);
                links.Pin(node.Output, axis, reason);
            }
        }
    }

    public override void Resize(Node node, ResizeContext change)
    {
        var data = node.Input(0)!;
        if (!IsStatic(node))
        {
            return;
        }

        var (starts, ends, changed) = (Argument(node, "starts", 1)!.ToArray(), Argument(node, "ends", 2)!.ToArray(), false);
        foreach (var (range, i) in Ranges(node, change.OldShape(data)).Select((r, i) => (r, i)).Where(p => change.Shrank(data, p.r.Axis)))
        {
            var kept = change.Kept(data, range.Axis);
            starts[i] = kept.Count(k => k < range.Start);
            ends[i] = kept.Count(k => k < range.Start + range.Count);
            changed = true;
        }

        if (changed)
        {
            NodeArguments.SetInts(node, "starts", 1, starts, change);
            NodeArguments.SetInts(node, "ends", 2, ends, change);
        }
    }

    private static IReadOnlyList<long>? Argument(Node node, string name, int input) => NodeArguments.Ints(node, name, input);

    private static bool IsStatic(Node node) =>
        Argument(node, "starts", 1) is not null && Argument(node, "ends", 2) is not null
        && !NodeArguments.IsComputed(node, 3) && !NodeArguments.IsComputed(node, 4);

    private static IEnumerable<(int Axis, long Start, long Count, long Step)> Ranges(Node node, long[] data)
    {
        var (starts, ends) = (Argument(node, "starts", 1)!, Argument(node, "ends", 2)!);
        var axes = Argument(node, "axes", 3) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        var steps = Argument(node, "steps", 4);
        for (var i = 0; i < starts.Count; i++)
        {
            var (axis, step) = (NodeArguments.Axis(axes[i], data.Length), steps?[i] ?? 1);
            var (start, count) = Range(starts[i], ends[i], step, data[axis]);
            yield return (axis, start, count, step);
        }
    }

    private static (long Start, long Count) Range(long start, long end, long step, long size)
    {
        // A backward range may end before index 0, hence the lower bound of -1.
        var (low, high) = step > 0 ? (0L, size) : (-1L, size - 1);
        var first = Math.Clamp(start < 0 ? start + size : start, step > 0 ? low : 0, high);
        var last = Math.Clamp(end < 0 ? end + size : end, low, high);
        return (first, Math.Max(0, step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step));
    }
}
