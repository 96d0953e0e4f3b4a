using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Channels of a model that can be scaled without changing its outputs: made by weights, read by weights, and between
/// them only by operators that keep a scale.
/// </summary>
/// <remarks>
/// Other than for pruning, what a depthwise convolution reads and what it makes are different channels here: its weights stand between
/// them. Worked example: Conv, Relu, Conv: channel i of the first may be halved when column i of the second is doubled.
/// </remarks>
internal sealed class ScaleClasses
{
    private readonly Graph _graph;
    private readonly ShapeTable _shapes;
    private readonly ChannelClasses _classes = new();
    private readonly ProductResolver _products;

    private ScaleClasses(Graph graph, ShapeTable shapes)
    {
        (_graph, _shapes) = (graph, shapes);
        _products = new ProductResolver(_classes, AttentionRule.Heads);
        Layers = [.. SparsityLayers.Find(graph, shapes).Layers.Where(l => l is { Uses: [{ Contraction: { IsAffine: true, IsRecurrent: false, SumScale: 1, BiasScale: 1 } }] })];
    }

    /// <summary>Layers whose weights can take scales up.</summary>
    public IReadOnlyList<SparsityLayer> Layers { get; }

    /// <summary>Finds the classes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">Its shapes.</param>
    public static ScaleClasses Find(Graph graph, ShapeTable shapes)
    {
        var found = new ScaleClasses(graph, shapes);
        found.AddAxes();
        var layers = found.Layers.Select(l => l.Uses[0]).ToDictionary(u => u.Node);
        foreach (var node in graph.Nodes)
        {
            found.Link(node, layers.GetValueOrDefault(node));
        }

        graph.FedInputs.Concat(graph.Outputs).ToList().ForEach(v => found.Pin(v));
        found._products.Resolve();
        return found;
    }

    /// <summary>The channel that a layer's row makes, or null when it cannot be scaled.</summary>
    public int? MadeBy(SparsityLayer layer, int row) => ChannelOf(layer.Uses[0].Contraction.Output, row);

    /// <summary>The channel that a column of a layer's block reads, or null.</summary>
    public int? ReadBy(SparsityLayer layer, int block, int column) =>
        ChannelOf(layer.Uses[0].Contraction.Data with { Value = layer.Uses[0].Data }, (block * layer.Channels) + (column % layer.Channels));

    /// <summary>The channel of an index of a value's axis, or null.</summary>
    public int? ChannelOf(AxisRef axis, int index)
    {
        if (!_classes.Contains(axis))
        {
            return null;
        }

        var root = _classes.ClassOf(axis, index);
        return _classes.PinOf(root) is null ? root : null;
    }

    private void AddAxes()
    {
        foreach (var value in _graph.Values.Values.Where(v => _shapes.Find(v) is not null))
        {
            for (var axis = 0; axis < _shapes.Rank(value); axis++)
            {
                _classes.AddAxis(new AxisRef(value, axis), (int)_shapes[value][axis]);
            }
        }
    }

    private void Link(Node node, WeightUse? layer)
    {
        if (layer is not null)
        {
            // Samples and positions are no channels.
            Pin(layer.Data, except: layer.Contraction.Data.Axis);
            Pin(layer.Contraction.Output.Value, except: CanScaleBias(layer) ? layer.Contraction.Output.Axis : -1);
        }
        else if (_shapes.Covers(node) && OperatorRegistry.Find(node) is { } definition && definition.KeepsScale(node, _shapes))
        {
            Tie(node, definition);
        }
        else
        {
            node.Inputs.Concat(node.Outputs).Concat(node.Captures).OfType<Value>().ToList().ForEach(v => Pin(v));
        }
    }

    private bool CanScaleBias(WeightUse use)
    {
        var output = use.Contraction.Output;
        return use.Contraction.BiasInput < 0
            || use.Node.Input(use.Contraction.BiasInput) is null or { Constant.ElementType: ElementType.Float32, Uses.Count: 1 }
            && (use.Node.Input(use.Contraction.BiasInput)?.Constant!.Count ?? _shapes.Size(output.Value, output.Axis)) == _shapes.Size(output.Value, output.Axis);
    }

    private void Tie(Node node, OperatorDefinition definition)
    {
        var links = new AxisLinks();
        definition.Link(node, _shapes, links);
        foreach (var pin in links.Pins)
        {
            _classes.Pin(pin.Axis, pin.Reason, pin.Indices);
        }

        links.Ties.ToList().ForEach(_classes.Tie);
        links.Products.ToList().ForEach(_products.Add);
        links.Regroups.ToList().ForEach(_products.Add);
        node.Inputs.OfType<Value>().Where(v => v.Constant is not null).ToList().ForEach(v => Pin(v));
    }

    private void Pin(Value value, int except = -1)
    {
        for (var axis = 0; _classes.Contains(new AxisRef(value, axis)); axis++)
        {
            if (axis != except)
            {
                _classes.Pin(new AxisRef(value, axis), new PinReason(PinKind.MixesAxis, $"The scale of '{value.Name}' matters."));
            }
        }
    }
}
