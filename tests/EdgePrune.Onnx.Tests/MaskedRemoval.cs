using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>
/// A second, small reading of the links, independent of the product's grouping: classes of indices by union-find, removal
/// of one class, and the original with that class's weights zeroed at its consumers. The two must agree.
/// </summary>
internal sealed class MaskedRemoval : IKeptIndices
{
    private readonly Model _model;
    private readonly ShapeTable _shapes;
    private readonly AxisLinks _links = new();
    private readonly Dictionary<(Value, int, int), (Value, int, int)> _parent = [];
    private readonly HashSet<(Value, int, int)> _pinned = [];
    private HashSet<(Value Value, int Axis, int Index)> _removed = [];
    private Dictionary<Value, Value> _original = [];

    public MaskedRemoval(Model model)
    {
        _model = model;
        _shapes = ShapeInference.Infer(model.Graph);
        foreach (var (name, tensor) in Runtime.RunAll(model, Feeds.Random(model, 1)))
        {
            _shapes.Set(model.Graph.Values[name], tensor.Dims.ToArray());
        }

        foreach (var node in model.Graph.Nodes)
        {
            if (OperatorRegistry.Find(node) is { } definition && _shapes.Covers(node))
            {
                definition.Link(node, _shapes, _links);
            }
            else
            {
                PinNode(node);
            }
        }

        foreach (var value in model.Graph.FedInputs.Concat(model.Graph.Outputs).Concat(model.Graph.Nodes.SelectMany(n => n.Captures)))
        {
            PinValue(value);
        }

        Unite();
    }

    public IReadOnlyList<int> Kept(Value value, int axis)
    {
        var original = _original.GetValueOrDefault(value, value);
        return [.. Enumerable.Range(0, _shapes.Size(original, axis)).Where(i => !_removed.Contains((original, axis, i)))];
    }

    public long[] OldShape(Value value) => _shapes[_original.GetValueOrDefault(value, value)];

    /// <summary>Classes of which a contraction reads at least one index and that nothing pins, each small enough to go.</summary>
    public IReadOnlyList<HashSet<(Value Value, int Axis, int Index)>> Removable() =>
        [.. _parent.Keys.ToList().GroupBy(Find)
            .Where(c => !c.Any(_pinned.Contains) && c.Any(id => _links.Contractions.Any(k => k.Data == new AxisRef(id.Item1, id.Item2))))
            .Select(c => c.ToHashSet())
            .Where(c => c.GroupBy(id => (id.Item1, id.Item2)).All(a => a.Count() < _shapes.Size(a.Key.Item1, a.Key.Item2)))];

    public Model Remove(HashSet<(Value Value, int Axis, int Index)> ids)
    {
        var pruned = _model.Clone();
        _removed = ids;
        _original = _model.Graph.Values.ToDictionary(p => pruned.Graph.Values[p.Key], p => p.Value);
        var editor = new GraphEditor(pruned.Graph);
        foreach (var value in pruned.Graph.Initializers.ToList())
        {
            Slice(value, editor);
        }

        var change = new ResizeContext(editor, this);
        foreach (var node in pruned.Graph.Nodes.ToList())
        {
            OperatorRegistry.Find(node)?.Resize(node, change);
        }

        return pruned;
    }

    public Model Mask(HashSet<(Value Value, int Axis, int Index)> ids)
    {
        var masked = _model.Clone();
        var editor = new GraphEditor(masked.Graph);
        foreach (var contraction in _links.Contractions)
        {
            var weight = masked.Graph.Values[contraction.Weight.Value.Name];
            foreach (var id in ids.Where(id => new AxisRef(id.Value, id.Axis) == contraction.Data))
            {
                editor.SetInitializer(weight, Zeroed(weight.Constant!, contraction, id.Index));
            }
        }

        return masked;
    }

    private void Slice(Value value, GraphEditor editor)
    {
        for (var axis = 0; axis < value.Constant!.Rank; axis++)
        {
            var kept = Kept(value, axis);
            if (kept.Count < value.Constant.Dims[axis])
            {
                editor.SetInitializer(value, value.Constant.Take(axis, [.. kept]));
            }
        }
    }

    private static Tensor Zeroed(Tensor weight, Contraction contraction, int channel)
    {
        var (values, dims) = (weight.ToFloats(), weight.Dims.ToArray());
        var width = (int)dims[contraction.Weight.Axis];
        for (var i = 0; i < values.Length; i++)
        {
            var column = Index(dims, contraction.Weight.Axis, i);
            var block = contraction.Blocks == 1 || contraction.OutputAxisIsPerBlock ? 0 : Index(dims, contraction.WeightOutputAxis, i) / ((int)dims[contraction.WeightOutputAxis] / contraction.Blocks);
            if ((block * width) + column == channel)
            {
                values[i] = 0;
            }
        }

        return weight.WithFloats(values);
    }

    private static int Index(long[] dims, int axis, int i) => (int)(i / Tensor.Elements(dims.AsSpan(axis + 1)) % dims[axis]);

    private void Unite()
    {
        foreach (var tie in _links.Ties)
        {
            foreach (var (a, b) in tie.Map.Pairs(_shapes.Size(tie.A.Value, tie.A.Axis), _shapes.Size(tie.B.Value, tie.B.Axis)))
            {
                Union((tie.A.Value, tie.A.Axis, a), (tie.B.Value, tie.B.Axis, b));
            }
        }

        foreach (var c in _links.Contractions.Where(c => c.Blocks == 1))
        {
            UniteRange(c.Data, c.Weight);
        }

        foreach (var blocks in _links.EqualBlocks)
        {
            // The same place in every block goes together.
            var (size, (value, axis)) = (_shapes.Size(blocks.Axis.Value, blocks.Axis.Axis) / blocks.Blocks, (blocks.Axis.Value, blocks.Axis.Axis));
            for (var i = size; i < size * blocks.Blocks; i++)
            {
                Union((value, axis, i % size), (value, axis, i));
            }
        }

        foreach (var product in _links.Products)
        {
            UniteProduct(product);
        }

        foreach (var axis in _links.Regroups.SelectMany(r => r.A.Concat(r.B)).Concat(_links.Reductions.Select(r => r.Data)))
        {
            PinAxis(axis.Value, axis.Axis);
        }

        foreach (var pin in _links.Pins)
        {
            PinAxis(pin.Axis.Value, pin.Axis.Axis);
        }

        foreach (var id in _pinned.ToList())
        {
            _pinned.Add(Find(id));
        }
    }

    // The first factor above 1 that nothing pins outright may shrink; the others stay.
    private void UniteProduct(AxisProduct product)
    {
        var chosen = product.Factors.FirstOrDefault(a => !_links.Pins.Any(p => p.Axis == a), product.Factors[0]);
        foreach (var axis in product.Factors.Where(a => a != chosen))
        {
            PinAxis(axis.Value, axis.Axis);
        }

        var size = _shapes.Size(chosen.Value, chosen.Axis);
        var inner = product.Factors.SkipWhile(a => a != chosen).Skip(1).Aggregate(1, (count, a) => count * _shapes.Size(a.Value, a.Axis));
        for (var i = 0; i < _shapes.Size(product.Merged.Value, product.Merged.Axis); i++)
        {
            Union((chosen.Value, chosen.Axis, i / inner % size), (product.Merged.Value, product.Merged.Axis, i));
        }
    }

    private void UniteRange(AxisRef a, AxisRef b)
    {
        for (var i = 0; i < _shapes.Size(a.Value, a.Axis); i++)
        {
            Union((a.Value, a.Axis, i), (b.Value, b.Axis, i));
        }
    }

    private void PinNode(Node node)
    {
        foreach (var value in node.Inputs.Concat(node.Outputs).OfType<Value>())
        {
            PinValue(value);
        }
    }

    private void PinValue(Value value)
    {
        for (var axis = 0; axis < (_shapes.Find(value)?.Length ?? 0); axis++)
        {
            PinAxis(value, axis);
        }
    }

    private void PinAxis(Value value, int axis)
    {
        for (var i = 0; i < _shapes.Size(value, axis); i++)
        {
            _pinned.Add((value, axis, i));
            _parent.TryAdd((value, axis, i), (value, axis, i));
        }
    }

    private (Value, int, int) Find((Value, int, int) id)
    {
        _parent.TryAdd(id, id);
        while (_parent[id] != id)
        {
            id = _parent[id] = _parent[_parent[id]];
        }

        return id;
    }

    private void Union((Value, int, int) a, (Value, int, int) b) => _parent[Find(a)] = Find(b);
}
