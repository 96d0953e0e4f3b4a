using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a model costs as a function of which channels stay. A weight between two groups costs the product of both widths,
/// so the saving of a channel depends on what else is gone; here it is counted and not estimated.
/// </summary>
/// <remarks>
/// Every figure is a sum of products of axis sizes, and a channel takes as many indices off an axis as its slice has. A test
/// holds the figures against models that were really pruned.
/// </remarks>
internal sealed class CostModel
{
    private readonly ModelAnalysis _analysis;
    private readonly Dictionary<AxisRef, int> _axes = [];
    private readonly List<int> _full = [];
    private readonly ILookup<Value, int> _axesOfValue;
    private readonly Dictionary<Value, List<int>> _perBlock = [];
    private readonly Dictionary<RateUnit, IReadOnlyList<CostItem>> _items;

    public CostModel(ModelAnalysis analysis, Target? target = null, Precision precision = Precision.Float32)
    {
        _analysis = analysis;
        Removals = [.. analysis.Groups.Select(AxesOf)];
        _axesOfValue = _axes.ToLookup(a => a.Key.Value, a => a.Value);
        AddPerBlockAxes();
        Sizes = [.. _full, .. analysis.Groups.Select(g => g.Channels.Count)];
        _items = new Dictionary<RateUnit, IReadOnlyList<CostItem>>
        {
            [RateUnit.Channels] = [.. analysis.Groups.Select((g, i) => new ProductCost(g.Channels.Count, [_full.Count + i]))],
            [RateUnit.Parameters] = [.. Constants(v => v.ElementType.IsFloat(), v => v.Count)],
            [RateUnit.Macs] = [.. Operations()],
            [RateUnit.Bytes] = [.. Constants(_ => true, v => v.Bytes.Length)],
        };
        FixedBytes = analysis.Cost.FileSize.Bytes - analysis.Model.Graph.Initializers.Sum(v => (long)v.Constant!.Bytes.Length);
        if (target?.Performance is { } performance)
        {
            _items[RateUnit.Latency] = [.. Operators(new OperatorClock(performance, precision, analysis.Shapes))];
        }
    }

    /// <summary>Full sizes of all axes that groups touch; behind them, the channels of each group.</summary>
    public int[] Sizes { get; }

    /// <summary>For each group, the axis numbers in the order of the group's axes.</summary>
    public IReadOnlyList<int[]> Removals { get; }

    /// <summary>Bytes of the file that no channel can save.</summary>
    public long FixedBytes { get; }

    public ModelAnalysis Analysis => _analysis;

    public bool PredictsLatency => _items.ContainsKey(RateUnit.Latency);

    /// <summary>Number of the axis that counts a group's channels.</summary>
    public int ChannelAxis(int group) => _full.Count + group;

    /// <summary>The parts of a figure.</summary>
    public IReadOnlyList<CostItem> Items(RateUnit unit) => _items[unit];

    /// <summary>Half the share of operations and half that of parameters: what a channel is worth when no figure is asked for.</summary>
    public IReadOnlyList<CostItem> Balanced() =>
    [
        .. Weighted(RateUnit.Macs, 0.5 / Math.Max(1, _analysis.Cost.Macs)),
        .. Weighted(RateUnit.Parameters, 0.5 / Math.Max(1, _analysis.Cost.Parameters)),
    ];

    private IEnumerable<CostItem> Weighted(RateUnit unit, double weight) => _items[unit].Cast<ProductCost>().Select(p => p.Weighted(weight));

    private int[] AxesOf(PruningGroup group)
    {
        var numbers = new int[group.Axes.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!_axes.TryGetValue(group.Axes[i], out numbers[i]))
            {
                _axes[group.Axes[i]] = numbers[i] = _full.Count;
                _full.Add(_analysis.Linker.Classes.Size(group.Axes[i]));
            }
        }

        return numbers;
    }

    // The axis of a grouped kernel that holds one block's channels is in no group: it shrinks as the activation does.
    private void AddPerBlockAxes()
    {
        foreach (var contraction in _analysis.Contractions.Where(c => c.Blocks > 1))
        {
            var follows = contraction.OutputAxisIsPerBlock ? contraction.Output : contraction.Data;
            if (_axes.TryGetValue(follows, out var number) && !_perBlock.ContainsKey(contraction.Weight.Value))
            {
                _perBlock[contraction.Weight.Value] = [number];
            }
        }
    }

    private IEnumerable<CostItem> Constants(Func<Tensor, bool> isCounted, Func<Tensor, double> figure) =>
        from value in _analysis.Model.Graph.Initializers
        where isCounted(value.Constant!)
        select new ProductCost(figure(value.Constant!), AxesOf(value));

    private int[] AxesOf(Value value) => [.. _axesOfValue[value], .. _perBlock.GetValueOrDefault(value) ?? []];

    private IEnumerable<ProductCost> Operations() =>
        _analysis.Contractions.Select(Operations).Concat(_analysis.Carries.Select(c => new ProductCost(c.Macs, AxesOf(c.Output.Value))));

    private ProductCost Operations(Contraction contraction) =>
        new(contraction.Macs, [.. OutputAxes(contraction).Concat(_axes.TryGetValue(contraction.Data, out var data) ? [data] : []).Distinct()]);

    // The gates of a recurrent layer are made inside: the axis of the weight stands for them.
    private int[] OutputAxes(Contraction contraction) => contraction.Output.Value.Constant is null
        ? AxesOf(contraction.Output.Value)
        : _axes.TryGetValue(contraction.Output, out var output) ? [output] : [];

    private IEnumerable<CostItem> Operators(OperatorClock clock)
    {
        var macs = _analysis.Contractions.Select(c => (c.Node, Cost: Operations(c)))
            .Concat(_analysis.Carries.Select(c => (c.Node, Cost: new ProductCost(c.Macs, AxesOf(c.Output.Value)))))
            .ToLookup(c => c.Node, c => c.Cost);
        foreach (var node in _analysis.Model.Graph.Nodes)
        {
            var values = node.Inputs.Concat(node.Outputs).OfType<Value>().Where(v => _analysis.Shapes.Find(v) is not null);
            var cost = clock.CostOf(node);
            yield return new RooflineCost(
                [.. macs[node].Select(m => m.Weighted(clock.SecondsPerMac(cost)))],
                [.. values.Select(v => new ProductCost(_analysis.Shapes.Count(v) * cost.BytesOf(node, v), AxesOf(v), clock.SecondsPerByte))],
                clock.Overhead);
        }
    }
}
