using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Channels of a model's computed values as something that goes through its nodes sees them: a factor, or a number that is added. Nodes
/// that let it through tie channels; all other nodes pin them.
/// </summary>
internal sealed class ChannelTies
{
    private readonly Graph _graph;
    private readonly ShapeTable _shapes;
    private readonly ChannelClasses _classes = new();
    private readonly ProductResolver _products;

    /// <summary>Starts with the channels of the inputs and outputs pinned.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">Shapes of its values.</param>
    public ChannelTies(Graph graph, ShapeTable shapes)
    {
        (_graph, _shapes) = (graph, shapes);
        _products = new ProductResolver(_classes, AttentionRule.Heads);
        foreach (var value in graph.Values.Values.Where(v => v.Constant is null && shapes.Find(v) is not null))
        {
            for (var axis = 0; axis < shapes.Rank(value); axis++)
            {
                _classes.AddAxis(new AxisRef(value, axis), shapes.Size(value, axis));
            }
        }

        graph.FedInputs.Concat(graph.Outputs).ToList().ForEach(v => Pin(v));
    }

    /// <summary>The layers of a graph that sum over channels with one weight of their own and add a bias at most.</summary>
    public static IReadOnlyList<SparsityLayer> Layers(Graph graph, ShapeTable shapes) =>
        [.. SparsityLayers.Find(graph, shapes).Layers.Where(l => l is { Uses: [{ Contraction: { IsAffine: true, IsRecurrent: false, SumScale: 1, BiasScale: 1 } }], Weight.Constant.ElementType: ElementType.Float32 })];

    /// <summary>The shapes seen, and those that follow from them of the values that nobody looked at.</summary>
    public static ShapeTable AllShapes(Graph graph, CalibrationStatistics statistics)
    {
        var shapes = statistics.Shapes(graph);
        var inferred = Inferred(graph, shapes);
        foreach (var value in graph.Values.Values.Where(v => shapes.Find(v) is null))
        {
            if (inferred?.Find(value) is { } shape)
            {
                shapes.Set(value, shape);
            }
        }

        return shapes;
    }

    // The model has run: where its shapes are not understood, fewer channels are balanced.
    private static ShapeTable? Inferred(Graph graph, ShapeTable seen)
    {
        try
        {
            return ShapeInference.Infer(graph, inputs: graph.FedInputs.Where(v => seen.Find(v) is not null).ToDictionary(v => v.Name, v => seen[v]));
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>The channel of an index of a value's axis, or null when it is pinned.</summary>
    public int? ChannelOf(AxisRef axis, int index)
    {
        if (!_classes.Contains(axis))
        {
            return null;
        }

        var root = _classes.ClassOf(axis, index);
        return _classes.PinOf(root) is null ? root : null;
    }

    /// <summary>The channels of a value's axis.</summary>
    public int?[] ChannelsOf(AxisRef axis) => [.. Enumerable.Range(0, _classes.Contains(axis) ? _classes.Size(axis) : 0).Select(i => ChannelOf(axis, i))];

    /// <summary>The axes of values, by name, that have channels which are not pinned, and the axes' sizes.</summary>
    public IEnumerable<(AxisRef Axis, int Channels)> AxesOf(IEnumerable<string> values) =>
        values.Order(StringComparer.Ordinal).Select(v => _graph.Values[v]).Where(v => v.Producer is not null).SelectMany(AxesOf)
            .Where(a => ChannelsOf(a).Any(c => c is not null)).Select(a => (a, _classes.Size(a)));

    /// <summary>Ties the channels of two axes one by one.</summary>
    public void Tie(AxisRef a, AxisRef b) => _classes.Tie(new AxisTie(a, b, IndexMap.Identity));

    /// <summary>Ties what a node's definition ties, and pins the channels that it ties to nothing or combines.</summary>
    /// <param name="node">The node.</param>
    /// <param name="apart">Values whose channels are tied to nothing, or null.</param>
    public void TieThrough(Node node, IReadOnlySet<Value>? apart = null)
    {
        var links = new AxisLinks();
        OperatorRegistry.Find(node)!.Link(node, _shapes, links);
        foreach (var pin in links.Pins.Where(p => _classes.Contains(p.Axis)))
        {
            _classes.Pin(pin.Axis, pin.Reason, pin.Indices);
        }

        var ties = links.Ties.Where(t => _classes.Contains(t.A) && _classes.Contains(t.B) && apart?.Contains(t.A.Value) != true && apart?.Contains(t.B.Value) != true).ToList();
        PinUntied(node, ties, [.. links.Products.SelectMany(p => p.Factors.Append(p.Merged)), .. links.Regroups.SelectMany(r => r.A.Concat(r.B))]);
        links.Reductions.Select(r => r.Data).Concat(links.Contractions.Select(c => c.Data)).Where(_classes.Contains).ToList().ForEach(a => _classes.Pin(a, Reason(a.Value)));
        ties.ForEach(_classes.Tie);
        links.Products.ToList().ForEach(_products.Add);
        links.Regroups.ToList().ForEach(_products.Add);
    }

    /// <summary>Pins the channels of every value at a node.</summary>
    public void PinAround(Node node) => node.Inputs.Concat(node.Outputs).Concat(node.Captures).OfType<Value>().ToList().ForEach(v => Pin(v));

    /// <summary>Pins the channels of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="except">An axis to leave as it is, or -1.</param>
    public void Pin(Value value, int except = -1)
    {
        for (var axis = 0; _classes.Contains(new AxisRef(value, axis)); axis++)
        {
            if (axis != except)
            {
                _classes.Pin(new AxisRef(value, axis), Reason(value));
            }
        }
    }

    /// <summary>Settles what reshapes left open; the last step.</summary>
    public void Resolve() => _products.Resolve();

    // A channel that comes from nowhere cannot be scaled, and one that goes nowhere is no longer there to be scaled back: an index of
    // an output that is tied to no input's, an axis of an input that is tied to no output's.
    private void PinUntied(Node node, List<AxisTie> ties, HashSet<AxisRef> resolved)
    {
        var pairs = ties.SelectMany(t => t.Map.Pairs(_classes.Size(t.A), _classes.Size(t.B)).SelectMany(p => new[] { (Axis: t.A, Index: p.A), (Axis: t.B, Index: p.B) })).ToHashSet();
        var tied = pairs.Select(p => p.Axis).ToHashSet();
        foreach (var axis in node.Outputs.OfType<Value>().SelectMany(AxesOf).Where(a => !resolved.Contains(a)))
        {
            _classes.Pin(axis, Reason(axis.Value), [.. Enumerable.Range(0, _classes.Size(axis)).Where(i => !pairs.Contains((axis, i)))]);
        }

        foreach (var axis in node.Inputs.OfType<Value>().SelectMany(AxesOf).Where(a => !resolved.Contains(a) && !tied.Contains(a)))
        {
            _classes.Pin(axis, Reason(axis.Value));
        }
    }

    private IEnumerable<AxisRef> AxesOf(Value value)
    {
        for (var axis = new AxisRef(value, 0); _classes.Contains(axis); axis = axis with { Axis = axis.Axis + 1 })
        {
            yield return axis;
        }
    }

    private static PinReason Reason(Value value) => new(PinKind.MixesAxis, $"The size of '{value.Name}' matters.");
}
