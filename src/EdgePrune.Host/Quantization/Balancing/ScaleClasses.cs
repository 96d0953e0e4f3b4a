using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Channels of a model that can be scaled without changing its outputs: made by weights or by constants of their own, read by
/// weights, and between them only by operators that keep a scale.
/// </summary>
/// <remarks>
/// Other than for pruning, what a depthwise convolution reads and what it makes are different channels here: its weights stand between
/// them. Worked example: Conv, Relu, Conv: channel i of the first may be halved when column i of the second is doubled. Behind a
/// layer normalization its scale and bias are halved instead. A Clip keeps the scale of a channel that never comes near its ends.
/// </remarks>
internal sealed class ScaleClasses
{
    private readonly ShapeTable _shapes;
    private readonly ChannelTies _ties;
    private readonly List<IBalanced> _parts = [];
    private readonly List<(Value Output, PassedRange Range)> _limits = [];

    private ScaleClasses(Graph graph, ShapeTable shapes) => (_shapes, _ties) = (shapes, new ChannelTies(graph, shapes));

    /// <summary>What can take factors up, in the graph's order.</summary>
    public IReadOnlyList<IBalanced> Parts => _parts;

    /// <summary>Values whose channels may be scaled only as far as the range in front of them lets what they hold pass.</summary>
    public IReadOnlyList<(Value Output, PassedRange Range)> Limits => _limits;

    /// <summary>Finds the classes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">Its shapes.</param>
    public static ScaleClasses Find(Graph graph, ShapeTable shapes)
    {
        var found = new ScaleClasses(graph, shapes);
        var layers = ChannelTies.Layers(graph, shapes).ToDictionary(l => l.Uses[0].Node);
        foreach (var node in graph.Nodes)
        {
            found.Link(node, layers.GetValueOrDefault(node));
        }

        found._ties.Resolve();
        return found;
    }

    /// <summary>The channel of an index of a value's axis, or null when it cannot be scaled.</summary>
    public int? ChannelOf(AxisRef axis, int index) => _ties.ChannelOf(axis, index);

    /// <summary>The axes of values that have channels to scale.</summary>
    public IEnumerable<(AxisRef Axis, int Channels)> AxesOf(IEnumerable<string> values) => _ties.AxesOf(values);

    private void Link(Node node, SparsityLayer? layer)
    {
        if (layer is not null)
        {
            LinkLayer(layer);
        }
        else if (!_shapes.Covers(node) || OperatorRegistry.Find(node) is not { } definition || node.Captures.Count > 0)
        {
            _ties.PinAround(node);
        }
        else if (definition.ConstantsOf(node, _shapes) is { } constants && BalancedConstants.Fits(node, constants, _shapes))
        {
            LinkConstants(node, constants);
        }
        else if (definition.KeepsScale(node, _shapes))
        {
            _ties.TieThrough(node);
        }
        else if (definition.Passes(node) is { Low: <= 0, High: >= 0 } range)
        {
            _ties.TieThrough(node);
            _limits.Add((node.Output, range));
        }
        else if (definition.LinearInputs(node, _shapes).Select(node.Input).OfType<Value>().FirstOrDefault(v => _ties.AxesOf([v.Name]).Any()) is { } carrier)
        {
            LinkCarrier(node, carrier);
        }
        else
        {
            _ties.PinAround(node);
        }
    }

    // The nodes in front have been seen: what they pinned carries nothing, as a gate behind its Sigmoid.
    private void LinkCarrier(Node node, Value carrier)
    {
        HashSet<Value> others = [.. node.Inputs.OfType<Value>().Where(v => v != carrier)];
        others.ToList().ForEach(v => _ties.Pin(v));
        _ties.TieThrough(node, others);
    }

    // Samples and positions are no channels.
    private void LinkLayer(SparsityLayer layer)
    {
        var use = layer.Uses[0];
        var output = use.Contraction.Output;
        _ties.Pin(use.Data, except: use.Contraction.Data.Axis);
        _ties.Pin(output.Value, except: CanScaleBias(use) ? output.Axis : -1);
        use.Node.Inputs.Where((_, slot) => slot != use.DataSlot).OfType<Value>().ToList().ForEach(v => _ties.Pin(v));
        _parts.Add(new BalancedLayer(layer, _ties));
    }

    private void LinkConstants(Node node, ChannelConstants constants)
    {
        var (data, output) = (new AxisRef(node.Input(constants.DataInput)!, constants.Axis), new AxisRef(node.Output, constants.Axis));
        _ties.Pin(data.Value, except: constants.Data == DataFactors.Refused ? -1 : data.Axis);
        node.Outputs.OfType<Value>().ToList().ForEach(v => _ties.Pin(v, except: v == output.Value ? output.Axis : -1));
        if (constants.Data == DataFactors.Kept)
        {
            _ties.Tie(data, output);
        }

        _parts.Add(new BalancedConstants(node, constants, _ties));
    }

    private bool CanScaleBias(WeightUse use)
    {
        var (output, slot) = (use.Contraction.Output, use.Contraction.BiasInput);
        return slot < 0 || use.Node.Input(slot) is null
            || (use.Node.Input(slot) is { Constant: { ElementType: ElementType.Float32, Rank: > 0 } bias }
                && bias.Count == _shapes.Size(output.Value, output.Axis) && bias.Dims[^1] == bias.Count);
    }
}
