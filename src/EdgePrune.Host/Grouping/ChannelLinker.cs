using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Walks a graph once and builds its channel classes from what the operator definitions declare.</summary>
internal sealed class ChannelLinker
{
    private readonly ShapeTable _shapes;
    private readonly List<AxisProduct> _openProducts = [];
    private readonly List<Contraction> _contractions = [];
    private readonly List<ChannelCarry> _carries = [];
    private readonly List<EqualBlocks> _equalBlocks = [];

    private ChannelLinker(ShapeTable shapes) => _shapes = shapes;

    public ChannelClasses Classes { get; } = new();

    public IReadOnlyList<Contraction> Contractions => _contractions;

    public IReadOnlyList<ChannelCarry> Carries => _carries;

    public IReadOnlyList<EqualBlocks> EqualBlocks => _equalBlocks;

    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public long Macs => _contractions.Sum(c => c.Macs) + _carries.Sum(c => c.Macs);

    public static ChannelLinker Link(Graph graph, ShapeTable shapes)
    {
        var linker = new ChannelLinker(shapes);
        linker.AddAxes(graph);
        linker.PinPromises(graph);
        foreach (var node in graph.Nodes)
        {
            linker.LinkNode(node);
        }

        linker.ResolveProducts();
        return linker;
    }

    private void AddAxes(Graph graph)
    {
        Classes.Expect(graph.Values.Values.Sum(v => _shapes.Find(v)?.Length ?? 0));
        foreach (var value in graph.Values.Values)
        {
            var shape = _shapes.Find(value);
            for (var axis = 0; axis < (shape?.Length ?? 0); axis++)
            {
                Classes.AddAxis(new AxisRef(value, axis), (int)shape![axis]);
            }
        }
    }

    private void PinPromises(Graph graph)
    {
        foreach (var input in graph.FedInputs)
        {
            PinAll(input, new PinReason(PinKind.GraphInput, $"'{input.Name}' is an input of the model."));
        }

        foreach (var output in graph.Outputs)
        {
            PinAll(output, new PinReason(PinKind.GraphOutput, $"'{output.Name}' is an output of the model."));
        }
    }

    private void LinkNode(Node node)
    {
        foreach (var capture in node.Captures)
        {
            PinAll(capture, new PinReason(PinKind.Subgraph, $"A subgraph of node {node} reads '{capture.Name}'."));
        }

        var definition = OperatorRegistry.Find(node);
        if (definition is null)
        {
            PinAround(node, new PinReason(PinKind.UnknownOperator, $"Operator {(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OperatorType} of node '{node.Label}' has no definition."));
        }
        else if (!_shapes.Covers(node))
        {
            PinAround(node, new PinReason(PinKind.UnknownShape, $"The shapes around node {node} are not known."));
        }
        else
        {
            var links = new AxisLinks();
            definition.Link(node, _shapes, links);
            Take(links);
        }
    }

    private void Take(AxisLinks links)
    {
        foreach (var pin in links.Pins)
        {
            Classes.Pin(pin.Axis, pin.Reason);
        }

        foreach (var tie in links.Ties)
        {
            Classes.Tie(tie);
        }

        foreach (var contraction in links.Contractions.Where(c => c.Blocks == 1))
        {
            Classes.Tie(new AxisTie(contraction.Data, contraction.Weight, IndexMap.Identity));
        }

        _contractions.AddRange(links.Contractions);
        _carries.AddRange(links.Carries);
        _equalBlocks.AddRange(links.EqualBlocks);
        _openProducts.AddRange(links.Products);
    }

    // A product can be tied once at most one of its factors can still be pruned. What stays ambiguous at the end is pinned,
    // one product at a time, because each pin may settle others.
    private void ResolveProducts()
    {
        while (_openProducts.Count > 0)
        {
            if (_openProducts.RemoveAll(TryResolve) == 0)
            {
                PinProduct(_openProducts[0]);
                _openProducts.RemoveAt(0);
            }
        }
    }

    private bool TryResolve(AxisProduct product)
    {
        var live = Factors(product).Where(Classes.IsLive).ToList();
        if (live.Count > 1)
        {
            return false;
        }

        if (live.Count == 0)
        {
            var reason = Factors(product).Select(Classes.FirstPin).FirstOrDefault(p => p is not null);
            Classes.Pin(product.Merged, reason ?? new PinReason(PinKind.UnknownShape, $"'{product.Merged.Value.Name}' has no channels."));
            return true;
        }

        var shape = _shapes[product.Factored].AsSpan(product.FirstAxis, product.Count);
        var position = live[0].Axis - product.FirstAxis;
        var map = new IndexMap.Block((int)Tensor.Elements(shape[..position]), (int)Tensor.Elements(shape[(position + 1)..]));
        Classes.Tie(new AxisTie(live[0], product.Merged, map));
        return true;
    }

    private void PinProduct(AxisProduct product)
    {
        var reason = new PinReason(PinKind.AmbiguousReshape, $"A reshape merges several axes of '{product.Factored.Name}' that could be pruned into '{product.Merged.Value.Name}'.");
        foreach (var factor in Factors(product))
        {
            Classes.Pin(factor, reason);
        }

        Classes.Pin(product.Merged, reason);
    }

    private IEnumerable<AxisRef> Factors(AxisProduct product) =>
        Enumerable.Range(product.FirstAxis, product.Count)
            .Where(axis => _shapes.Size(product.Factored, axis) > 1)
            .Select(axis => new AxisRef(product.Factored, axis));

    private void PinAround(Node node, PinReason reason)
    {
        foreach (var value in node.Inputs.Concat(node.Outputs).OfType<Value>())
        {
            PinAll(value, reason);
        }
    }

    private void PinAll(Value value, PinReason reason)
    {
        for (var axis = 0; Classes.Contains(new AxisRef(value, axis)); axis++)
        {
            Classes.Pin(new AxisRef(value, axis), reason);
        }
    }
}
