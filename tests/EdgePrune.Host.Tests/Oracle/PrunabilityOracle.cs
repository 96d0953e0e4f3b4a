using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// Says which channels of a small model can be pruned, by brute force in ONNX Runtime and without the product's operator
/// definitions, axis links or grouping.
/// </summary>
/// <remarks>
/// <para>A channel is a slice that weights make: an index of an axis of a node's output that goes with an index of a constant
/// of two or more axes and with no slice of the node's data (a layer's output, an embedding's width).</para>
/// <para>For every node alone it is tried which elements of the outputs change with each slice of each input. Slices that
/// carry each other (no two slices of the axis reach the same element) go together, through the whole graph. Where slices are
/// summed up, those of a constant that have no effect without them are found the same way: the columns that go.
/// Groups of a grouped convolution stay equal: the channels at the same place of every group go together.</para>
/// <para>Such a class can be pruned when</para>
/// <list type="number">
/// <item>some node sums over it with a constant, and it reaches no input or output of the model;</item>
/// <item>no node mixes it with channels that stay other than by such a sum (softmax, normalization over channels, reductions,
/// products of two computed values do);</item>
/// <item>no axis loses all its indices;</item>
/// <item>every node that it touches, built again without these slices, gives on random inputs what the whole node gives
/// there with the removed constants at zero and random numbers in the removed activations.</item>
/// </list>
/// <para>Recurrent operators are covered where they read channels, not for their hidden state, in which every unit reaches
/// every other. Where a reshape cuts an axis in two factors, removing along either is tried.</para>
/// </remarks>
internal sealed class PrunabilityOracle : IDisposable
{
    private const int MostTries = 12;

    private readonly Graph _graph;
    private readonly Dictionary<string, Tensor> _values;
    private readonly Dictionary<Node, NodeInfluence> _influences = [];
    private readonly Dictionary<SliceRef, OracleClass> _known = [];

    public PrunabilityOracle(Model model)
    {
        _graph = model.Graph;
        var feeds = Feeds.Random(model, 1);
        _values = Runtime.RunAll(model, feeds).Concat(feeds).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every channel that weights make, with its class.</summary>
    public IEnumerable<(Node Producer, SliceRef Channel, OracleClass Class)> Channels()
    {
        foreach (var node in _graph.Nodes)
        {
            foreach (var axis in ProducedAxes(node))
            {
                for (var index = 0; index < Tensor(node.Output)!.Dims[axis]; index++)
                {
                    var channel = new SliceRef(node.Output, axis, index);
                    yield return (node, channel, ClassOf(channel));
                }
            }
        }
    }

    /// <summary>What goes with a slice, and whether it can go.</summary>
    public OracleClass ClassOf(SliceRef channel)
    {
        if (_known.TryGetValue(channel, out var known))
        {
            return known;
        }

        var first = Try(channel, new Dictionary<string, int>());
        var result = first.Class;
        foreach (var (point, option) in first.Options.SelectMany(o => Enumerable.Range(0, o.Value).Select(v => (o.Key, v))).Take(MostTries))
        {
            if (result.Refusal is null)
            {
                break;
            }

            var other = Try(channel, new Dictionary<string, int> { [point] = option }).Class;
            result = other.Refusal is null ? other : result;
        }

        _known[channel] = result;
        foreach (var slice in result.Slices.Where(_ => result.Refusal is null || first.Options.Count == 0))
        {
            _known.TryAdd(slice, result);
        }

        return result;
    }

    public void Dispose()
    {
        foreach (var influence in _influences.Values)
        {
            influence.Probe.Dispose();
        }
    }

    private (OracleClass Class, IReadOnlyDictionary<string, int> Options) Try(SliceRef channel, IReadOnlyDictionary<string, int> choices)
    {
        var closure = new ClassClosure(Influence, choices);
        closure.Follow(channel);
        return (new OracleClass(closure.Slices, closure.Refusal ?? Emptied(closure) ?? (closure.IsConsumed ? Fault(closure) : "no consumer")), closure.Options);
    }

    private string? Emptied(ClassClosure closure) => closure.Slices.GroupBy(s => (s.Value, s.Axis))
        .Where(g => g.Count() == Tensor(g.Key.Value)!.Dims[g.Key.Axis])
        .Select(g => $"{g.Key.Value.Producer?.OperatorType ?? "constant"}: nothing would stay")
        .FirstOrDefault();

    private string? Fault(ClassClosure closure) => closure.Slices.Select(s => s.Value).Distinct()
        .SelectMany(v => v.Uses.Select(u => u.Node).Append(v.Producer)).OfType<Node>().Distinct()
        .Select(n => ReducedNode.Fault(Influence(n).Probe, closure.Removed) is { } fault ? $"{n.OperatorType}: {fault}" : null)
        .FirstOrDefault(f => f is not null);

    private IEnumerable<int> ProducedAxes(Node node)
    {
        var constants = node.Inputs.Index().Where(i => i.Item?.Constant is { } c && c.ElementType.IsFloat() && c.Dims.ToArray().Count(d => d > 1) > 1).Select(i => i.Index).ToList();
        if (constants.Count == 0)
        {
            return [];
        }

        var influence = Influence(node);
        var shape = influence.Probe.Outputs[0].Dims.ToArray();
        return Enumerable.Range(0, shape.Length).Where(b => shape[b] > 1
            && constants.Exists(w => influence.Probe.Free[w] && Goes(influence, w, b))
            && !node.Inputs.Index().Any(i => i.Item is { Constant: null } && influence.Probe.Free[i.Index] && Goes(influence, i.Index, b)));
    }

    private static bool Goes(NodeInfluence influence, int slot, int outputAxis) =>
        Enumerable.Range(0, influence.Probe.Actual(slot)!.Rank).Any(a => influence.Probe.Actual(slot)!.Dims[a] > 1 && influence.Pass(slot, a, 0, outputAxis) is not null);

    private NodeInfluence Influence(Node node)
    {
        if (!_influences.TryGetValue(node, out var influence))
        {
            _influences[node] = influence = new NodeInfluence(new NodeProbe(node, [.. node.Inputs.Select(Tensor)]));
        }

        return influence;
    }

    private Tensor? Tensor(Value? value) => value is null ? null : value.Constant ?? _values[value.Name];
}
