namespace EdgePrune.Onnx;

/// <summary>
/// Takes a range of indices of some axes, with a step. When the indices that stay form no range any more, a Gather in front
/// picks them instead.
/// </summary>
/// <remarks>
/// Worked example: every second of 8 channels is 0, 2, 4, 6. Without channel 1 they are 0, 1, 3, 5 of 7, which no step gives;
/// without 1, 3, 5 and 7 they are 0 to 3 with step 1.
/// </remarks>
internal sealed class SliceDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Slice"];

    public override QuantizationRule QuantizationOf(Node node) => QuantizationRule.Movement;

    public override bool KeepsScale(Node node, ShapeTable shapes) => true;

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
                links.Tie(data, axis, node.Output, axis, new IndexMap.Lookup([.. Indices(range)]));
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

        var ranges = Ranges(node, change.OldShape(data)).Index().Where(r => change.Shrank(data, r.Item.Axis)).ToList();
        if (ranges.Count == 0)
        {
            return;
        }

        var (starts, ends) = (Argument(node, "starts", 1)!.ToArray(), Argument(node, "ends", 2)!.ToArray());
        var steps = Argument(node, "steps", 4)?.ToArray();
        foreach (var (i, range) in ranges)
        {
            (starts[i], ends[i], var step) = Remaining(node, range, change.Kept(data, range.Axis), change);
            steps?[i] = step;
        }

        NodeArguments.SetInts(node, "starts", 1, starts, change);
        NodeArguments.SetInts(node, "ends", 2, ends, change);
        if (steps is not null)
        {
            NodeArguments.SetInts(node, "steps", 4, steps, change);
        }
    }

    // The range that gives the kept indices: of the data, or of what a Gather in front picked from it.
    private static (long Start, long End, long Step) Remaining(Node node, (int Axis, long Start, long Count, long Step) range, IReadOnlyList<int> kept, ResizeContext change)
    {
        if (range.Step == 1)
        {
            return (kept.Count(k => k < range.Start), kept.Count(k => k < range.Start + range.Count), 1);
        }

        var place = kept.Index().ToDictionary(k => k.Item, k => (long)k.Index);
        long[] wanted = [.. Indices(range).Where(place.ContainsKey).Select(i => place[i])];
        var step = wanted.Length > 1 ? wanted[1] - wanted[0] : 1;
        if (step == 0 || wanted.Zip(wanted.Skip(1)).Any(p => p.Second - p.First != step))
        {
            change.PickBefore(node, 0, range.Axis, wanted);
            return (0, wanted.Length, 1);
        }

        // Behind a backward range that reaches index 0 stands nothing that counts from the front.
        return wanted.Length == 0 ? (0, 0, 1) : (wanted[0], wanted[^1] + step is >= 0 and var end ? end : -kept.Count - 1, step);
    }

    private static IEnumerable<int> Indices((int Axis, long Start, long Count, long Step) range) =>
        Enumerable.Range(0, (int)range.Count).Select(i => (int)(range.Start + (i * range.Step)));

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
