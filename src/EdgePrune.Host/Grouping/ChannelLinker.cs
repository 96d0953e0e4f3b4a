using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Walks a graph once and builds its channel classes from what the operator definitions declare.</summary>
internal sealed class ChannelLinker
{
    private readonly ShapeTable _shapes;
    private readonly GroupingOptions _options;
    private readonly ProductResolver _products;
    private readonly IReadOnlySet<Node> _whole;
    private readonly List<Contraction> _contractions = [];
    private readonly List<ChannelCarry> _carries = [];
    private readonly List<ChannelReduction> _reductions = [];
    private readonly List<EqualBlocks> _equalBlocks = [];

    private ChannelLinker(ShapeTable shapes, GroupingOptions options, IReadOnlySet<Node> whole)
    {
        _shapes = shapes;
        _options = options;
        _whole = whole;
        _products = new ProductResolver(Classes, options.Attention);
    }

    public ChannelClasses Classes { get; } = new();

    public IReadOnlyList<Contraction> Contractions => _contractions;

    public IReadOnlyList<ChannelCarry> Carries => _carries;

    /// <summary>Nodes that combine channels without weights and may do so with fewer.</summary>
    public IReadOnlyList<ChannelReduction> Reductions => _reductions;

    public IReadOnlyList<EqualBlocks> EqualBlocks => _equalBlocks;

    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public long Macs => _contractions.Sum(c => c.Macs) + _carries.Sum(c => c.Macs);

    /// <summary>Links a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">Shapes of its values.</param>
    /// <param name="options">Choices where a removal is well defined in more than one way.</param>
    /// <param name="whole">Grouped convolutions that lose whole groups whatever the options say; null for none.</param>
    public static ChannelLinker Link(Graph graph, ShapeTable shapes, GroupingOptions? options = null, IReadOnlySet<Node>? whole = null)
    {
        var linker = new ChannelLinker(shapes, options ?? new GroupingOptions(), whole ?? new HashSet<Node>());
        linker.AddAxes(graph);
        linker.PinPromises(graph);
        foreach (var node in graph.Nodes)
        {
            linker.LinkNode(node);
        }

        linker._products.Resolve();
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
            Take(LinksOf(node, definition));
        }
    }

    private AxisLinks LinksOf(Node node, OperatorDefinition definition)
    {
        var links = new AxisLinks();
        try
        {
            definition.Link(node, _shapes, links);
            return links;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or InvalidCastException)
        {
            throw new ModelException(ErrorCode.InvalidGraph, $"Node {node} cannot be what it says: {e.Message} The model is inconsistent; export it again.", e);
        }
    }

    private void Take(AxisLinks links)
    {
        foreach (var pin in links.Pins)
        {
            Classes.Pin(pin.Axis, pin.Reason, pin.Indices);
        }

        foreach (var tie in links.Ties)
        {
            Classes.Tie(tie);
        }

        foreach (var contraction in links.Contractions.Where(c => c.Blocks == 1))
        {
            Classes.Tie(new AxisTie(contraction.Data, contraction.Weight, IndexMap.Identity));
        }

        var whole = links.Contractions.Where(LosesWholeGroups).ToList();
        whole.ForEach(TakeWhole);
        _contractions.AddRange(links.Contractions.Except(whole));
        _carries.AddRange(links.Carries);
        _equalBlocks.AddRange(whole.Count == 0 ? links.EqualBlocks : []);
        foreach (var reduction in links.Reductions)
        {
            Take(reduction);
        }

        foreach (var product in links.Products)
        {
            _products.Add(product);
        }

        foreach (var regroup in links.Regroups)
        {
            _products.Add(regroup);
        }
    }

    /// <summary>Whether whole groups of the contraction's channels can go: a convolution in groups, not a transposed one.</summary>
    public static bool HasGroups(Contraction contraction) => contraction is { Blocks: > 1, OutputAxisIsPerBlock: false };

    private bool LosesWholeGroups(Contraction contraction) =>
        HasGroups(contraction) && (_options.Grouped == GroupedRule.Whole || _whole.Contains(contraction.Node));

    // Worked example: 2 groups over 4 inputs and 6 outputs: inputs 0, 1 and outputs 0, 1, 2 are one channel. The convolution then
    // carries channels through, as a depthwise one does.
    private void TakeWhole(Contraction contraction)
    {
        var (inputs, outputs) = (Classes.Size(contraction.Data) / contraction.Blocks, Classes.Size(contraction.Output) / contraction.Blocks);
        Classes.Tie(new AxisTie(contraction.Data, contraction.Data, FirstOfBlock(inputs, inputs, contraction.Blocks)));
        Classes.Tie(new AxisTie(contraction.Data, contraction.Output, FirstOfBlock(inputs, outputs, contraction.Blocks)));
        _carries.Add(new ChannelCarry
        {
            Node = contraction.Node,
            Weight = new AxisRef(contraction.Weight.Value, contraction.WeightOutputAxis),
            Output = contraction.Output,
            BiasInput = contraction.BiasInput,
            Macs = contraction.Macs,
        });
    }

    private static IndexMap.Lookup FirstOfBlock(int from, int to, int blocks) => new([.. Enumerable.Range(0, to * blocks).Select(i => i / to * from)]);

    private void Take(ChannelReduction reduction)
    {
        var stays = reduction.Kind switch
        {
            ReductionKind.WeightedSum => false,
            ReductionKind.Product => _options.Attention == AttentionRule.Heads,
            _ => _options.Reductions == ReductionRule.Keep,
        };
        if (stays)
        {
            Classes.Pin(reduction.Data, new PinReason(PinKind.MixesAxis, reduction.Kind switch
            {
                ReductionKind.Product => $"Node {reduction.Node} sums over this axis of computed tensors; heads are removed whole.",
                ReductionKind.Normalization => $"Node {reduction.Node} normalizes over this axis: removing one channel would change all others.",
                _ => $"Node {reduction.Node} combines all channels of this axis.",
            }));
            return;
        }

        _reductions.Add(reduction);
    }

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
