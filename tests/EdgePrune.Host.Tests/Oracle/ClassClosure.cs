using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>
/// Collects the slices that must go with one slice, by following what it changes. Where a reshape leaves open which of two
/// factors goes, a choice is made; the caller tries others.
/// </summary>
internal sealed class ClassClosure(Func<Node, NodeInfluence> influences, IReadOnlyDictionary<string, int> choices)
{
    private readonly HashSet<SliceRef> _slices = [];
    private readonly Dictionary<(Value Value, int Axis), HashSet<int>> _byAxis = [];
    private readonly Queue<SliceRef> _open = [];
    private readonly SortedDictionary<string, int> _options = new(StringComparer.Ordinal);

    public IReadOnlySet<SliceRef> Slices => _slices;

    /// <summary>Choices that came up, with the number of options of each.</summary>
    public IReadOnlyDictionary<string, int> Options => _options;

    public string? Refusal { get; private set; }

    /// <summary>Whether some node sums over the slices with weights.</summary>
    public bool IsConsumed { get; private set; }

    public IReadOnlySet<int> Removed(Value value, int axis) => _byAxis.GetValueOrDefault((value, axis)) ?? [];

    /// <summary>Collects everything that goes with a slice, until the end or the first refusal.</summary>
    public void Follow(SliceRef start)
    {
        Add(start);
        while (Refusal is null && _open.TryDequeue(out var slice))
        {
            if (slice.Value.Producer is { } producer)
            {
                Backward(influences(producer), producer.Outputs.ToList().IndexOf(slice.Value), slice);
            }

            foreach (var use in slice.Value.Uses)
            {
                Forward(influences(use.Node), use.Index, slice);
            }
        }
    }

    private void Add(SliceRef slice)
    {
        if (!_slices.Add(slice))
        {
            return;
        }

        if (!_byAxis.TryGetValue((slice.Value, slice.Axis), out var removed))
        {
            _byAxis[(slice.Value, slice.Axis)] = removed = [];
        }

        removed.Add(slice.Index);
        _open.Enqueue(slice);
        if (slice.Value.IsGraphOutput || (slice.Value.IsGraphInput && slice.Value.Constant is null))
        {
            Refusal ??= "promise: an input or output of the model";
        }
    }

    private void AddAll(Value value, int axis, IEnumerable<int> indices)
    {
        foreach (var index in indices)
        {
            Add(new SliceRef(value, axis, index));
        }
    }

    private void Forward(NodeInfluence node, int slot, SliceRef slice)
    {
        var probe = node.Probe;
        if (!probe.Free[slot])
        {
            Refusal ??= $"{probe.Node.OperatorType}: steers";
            return;
        }

        if (!node.Matters(slot, slice.Axis, slice.Index) || PassOn(node, slot, slice))
        {
            return;
        }

        if (probe.Node.OperatorType is "Conv" or "ConvTranspose" && slot == 0 && slice.Axis == 1)
        {
            AddAll(slice.Value, 1, Mates(slice.Index, (int)probe.Actual(0)!.Dims[1], probe.Node));
        }

        if (!(slice.Value.Constant is null ? SumUp(node, slot, slice) || Divide(node, slot, slice) : SumUpColumn(node, slot, slice)))
        {
            Refusal ??= $"{probe.Node.OperatorType}: mixes";
        }
    }

    private bool PassOn(NodeInfluence node, int slot, SliceRef slice)
    {
        var passed = false;
        foreach (var (output, o) in node.Probe.Node.Outputs.Select((v, o) => (v, o)).Where(p => p.v is not null))
        {
            var ways = Axes(node.Probe.Outputs[o]).Where(b => node.Pass(slot, slice.Axis, o, b)?.ToOfFrom(slice.Index).Any() == true).ToList();
            if (ways.Count > 0)
            {
                var axis = Choose($"{node.Probe.Node.Label} forward {slot} {o}", ways, b => node.Pass(slot, slice.Axis, o, b)!.ToOfFrom(slice.Index).All(Removed(output!, b).Contains));
                var relation = node.Pass(slot, slice.Axis, o, axis)!;
                AddAll(output!, axis, relation.ToOfFrom(slice.Index));
                AddAll(slice.Value, slice.Axis, relation.FromOfFrom(slice.Index));
                passed = true;
            }
        }

        return passed;
    }

    private bool SumUp(NodeInfluence node, int slot, SliceRef slice)
    {
        var probe = node.Probe;
        var ways =
            from other in Enumerable.Range(0, probe.Free.Count)
            where other != slot && probe.Free[other] && probe.Node.Input(other)!.Constant is not null
            from axis in Axes(probe.Actual(other)!)
            let relation = node.Meet(slot, slice.Axis, other, axis)
            where relation is not null && relation.ToOfFrom(slice.Index).Any() && node.SumsUp(slot, slice.Axis, relation.FromOfFrom(slice.Index).ToHashSet())
            orderby relation.SetSize(slice.Index)
            select (Weight: probe.Node.Input(other)!, Axis: axis, Relation: relation);
        foreach (var (weight, axis, relation) in ways.Take(1))
        {
            AddAll(slice.Value, slice.Axis, relation.FromOfFrom(slice.Index));
            AddAll(weight, axis, relation.ToOfFrom(slice.Index));
            return IsConsumed = true;
        }

        return false;
    }

    // A column of weights goes, perhaps because another node shares them: the data that it is multiplied with goes.
    private bool SumUpColumn(NodeInfluence node, int slot, SliceRef slice)
    {
        var probe = node.Probe;
        var ways =
            from data in Enumerable.Range(0, probe.Free.Count)
            where data != slot && probe.Free[data] && probe.Node.Input(data)!.Constant is null
            from axis in Axes(probe.Actual(data)!)
            let relation = node.Meet(data, axis, slot, slice.Axis)
            where relation is not null && relation.FromOfTo(slice.Index).Any() && node.SumsUp(data, axis, relation.FromOfTo(slice.Index).ToHashSet())
            orderby relation.FromOfTo(slice.Index).Count()
            select (Data: probe.Node.Input(data)!, Axis: axis, Relation: relation);
        foreach (var (data, axis, relation) in ways.Take(1))
        {
            AddAll(data, axis, relation.FromOfTo(slice.Index));
            return true;
        }

        return false;
    }

    // The whole part that hangs together goes, as one group of a normalization.
    private bool Divide(NodeInfluence node, int slot, SliceRef slice)
    {
        var ways =
            from axis in Axes(node.Probe.Outputs[0])
            let relation = node.Divide(slot, slice.Axis, 0, axis)
            where relation is not null
            select (Axis: axis, Relation: relation);
        foreach (var (axis, relation) in ways.Take(1))
        {
            AddAll(slice.Value, slice.Axis, relation.FromOfFrom(slice.Index));
            AddAll(node.Probe.Node.Output, axis, relation.ToOfFrom(slice.Index));
            return true;
        }

        return false;
    }

    private void Backward(NodeInfluence node, int output, SliceRef slice)
    {
        var probe = node.Probe;
        for (var slot = 0; slot < probe.Free.Count; slot++)
        {
            if (!probe.Free[slot])
            {
                continue;
            }

            var input = probe.Node.Input(slot)!;
            var ways = Axes(probe.Actual(slot)!).Where(a => node.Pass(slot, a, output, slice.Axis)?.FromOfTo(slice.Index).Any() == true).ToList();
            if (ways.Count > 0)
            {
                var axis = Choose($"{probe.Node.Label} backward {slot} {output}", ways, a => node.Pass(slot, a, output, slice.Axis)!.FromOfTo(slice.Index).All(Removed(input, a).Contains));
                AddAll(input, axis, node.Pass(slot, axis, output, slice.Axis)!.FromOfTo(slice.Index));
            }
        }

        if (probe.Node.OperatorType == "Conv" && slice.Axis == 1 && Axes(probe.Actual(0)!).All(a => node.Pass(0, a, 0, 1) is null))
        {
            AddAll(slice.Value, 1, Mates(slice.Index, (int)probe.Outputs[0].Dims[1], probe.Node));
        }
    }

    // Groups of a convolution stay equally large: the slices at the same place of every group go.
    private static IEnumerable<int> Mates(int index, int size, Node node)
    {
        var width = size / (int)node.Int("group", 1);
        return Enumerable.Range(0, size).Where(i => i % width == index % width);
    }

    private int Choose(string point, List<int> ways, Func<int, bool> isTaken)
    {
        if (ways.Count == 1)
        {
            return ways[0];
        }

        _options[point] = ways.Count;
        return choices.TryGetValue(point, out var choice) ? ways[choice % ways.Count] : ways.Where(isTaken).Append(ways[0]).First();
    }

    private static IEnumerable<int> Axes(Tensor tensor) => Enumerable.Range(0, tensor.Rank).Where(a => tensor.Dims[a] > 1);
}
