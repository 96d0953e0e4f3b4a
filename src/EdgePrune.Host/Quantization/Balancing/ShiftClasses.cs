using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Channels of a model from which a number can be subtracted without changing its outputs: made by layers with a bias, read by layers
/// whose bias takes it back, and between them only operators that let it through.
/// </summary>
internal sealed class ShiftClasses
{
    private readonly ChannelTies _ties;
    private readonly ShapeTable _shapes;
    private readonly List<Value> _floors = [];
    private readonly List<SparsityLayer> _layers = [];

    private ShiftClasses(Graph graph, ShapeTable shapes) => (_ties, _shapes) = (new ChannelTies(graph, shapes), shapes);

    /// <summary>Layers whose biases can be changed.</summary>
    public IReadOnlyList<SparsityLayer> Layers => _layers;

    /// <summary>Values made by nodes that let a number through only as long as nothing falls below 0.</summary>
    public IReadOnlyList<Value> Floors => _floors;

    /// <summary>Finds the classes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">Its shapes.</param>
    public static ShiftClasses Find(Graph graph, ShapeTable shapes)
    {
        var found = new ShiftClasses(graph, shapes);
        var layers = ChannelTies.Layers(graph, shapes).ToDictionary(l => l.Uses[0].Node);
        foreach (var node in graph.Nodes)
        {
            if (layers.TryGetValue(node, out var layer) && CanShift(layer))
            {
                found.LinkLayer(layer);
            }
            else
            {
                found.LinkOther(node);
            }
        }

        found._ties.Resolve();
        return found;
    }

    /// <summary>The channel of an index of a value's axis, or null when nothing can be subtracted from it.</summary>
    public int? ChannelOf(AxisRef axis, int index) => _ties.ChannelOf(axis, index);

    /// <summary>The axes of values, by name, that have channels to subtract from.</summary>
    public IEnumerable<(AxisRef Axis, int Channels)> AxesOf(IEnumerable<string> values) => _ties.AxesOf(values);

    private void LinkLayer(SparsityLayer layer)
    {
        var use = layer.Uses[0];
        _ties.Pin(use.Data, except: IsWhole(use.Node) ? use.Contraction.Data.Axis : -1);
        _ties.Pin(use.Contraction.Output.Value, except: use.Contraction.Output.Axis);
        use.Node.Inputs.Where((_, slot) => slot != use.DataSlot).OfType<Value>().ToList().ForEach(v => _ties.Pin(v));
        _layers.Add(layer);
    }

    private void LinkOther(Node node)
    {
        var rule = _shapes.Covers(node) && node.Captures.Count == 0 ? OperatorRegistry.Find(node)?.ShiftOf(node, _shapes) ?? ShiftRule.Changed : ShiftRule.Changed;
        if (rule == ShiftRule.Changed)
        {
            _ties.PinAround(node);
            return;
        }

        _ties.TieThrough(node);
        if (rule == ShiftRule.KeptAboveZero)
        {
            _floors.Add(node.Output);
        }
    }

    /// <summary>Whether every output is the sum over all taps. The zeros around a padded plane would not be shifted.</summary>
    private static bool IsWhole(Node node)
    {
        var mode = node.Text("auto_pad", "NOTSET");
        return node.OperatorType != "Conv" || mode == "VALID" || (mode == "NOTSET" && (node.Ints("pads") ?? []).All(p => p == 0));
    }

    /// <summary>Whether a layer's bias, or the constant that is added behind it, can take a number for each channel.</summary>
    private static bool CanShift(SparsityLayer layer)
    {
        var contraction = layer.Uses[0].Contraction;
        return contraction.Node.OperatorType is "Conv" or "Gemm" or "MatMul" && (contraction.BiasInput < 0
            ? contraction is { TrailingAxes: 0, Node.Output: { IsGraphOutput: false, Uses: [{ Node: { OperatorType: "Add", Domain: "" } add }] } output }
                && add.Inputs.FirstOrDefault(v => v != output) is { Uses.Count: 1, IsGraphOutput: false } added && IsVector(added, layer.Rows)
            : contraction.Node.Input(contraction.BiasInput) is not { } bias || IsVector(bias, layer.Rows));
    }

    private static bool IsVector(Value value, int channels) =>
        value is { Constant: { ElementType: ElementType.Float32, Rank: > 0 } tensor } && tensor.Count == channels && tensor.Dims[^1] == channels
        && (value.Uses.Count == 1 || tensor.Rank == 1);
}
