using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A weighted operator whose input is no longer the original's, so that its weights can be fitted anew.</summary>
/// <param name="Contraction">The operator in the original; one that carries channels through counts as one of as many blocks as groups.</param>
internal sealed record RepairLayer(Contraction Contraction)
{
    public Node Node => Contraction.Node;

    /// <summary>Layers whose input changed when channels went, in the order in which they run.</summary>
    public static IReadOnlyList<RepairLayer> Find(ModelAnalysis analysis, RemovedChannels removed)
    {
        var all = All(analysis).Where(c => c.IsAffine && !c.IsRecurrent && c.SumScale != 0).ToLookup(c => c.Node);
        var shared = all.SelectMany(c => c).CountBy(c => c.Weight.Value).Where(w => w.Value > 1).Select(w => w.Key).ToHashSet();
        HashSet<Value> changed = [];
        List<RepairLayer> layers = [];
        var touched = removed.Axes.Select(a => a.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var node in analysis.Model.Graph.Nodes)
        {
            var differs = node.Inputs.Concat(node.Captures).OfType<Value>().Any(v => v.Constant is null && (changed.Contains(v) || touched.Contains(v.Name)));
            changed.UnionWith(differs ? node.Outputs.OfType<Value>() : []);
            layers.AddRange(differs ? all[node].Where(c => !shared.Contains(c.Weight.Value)).Select(c => new RepairLayer(c)) : []);
        }

        return layers;
    }

    /// <summary>All contractions of a model, depthwise convolutions among them.</summary>
    public static IEnumerable<Contraction> All(ModelAnalysis analysis) =>
        analysis.Contractions.Concat(analysis.Carries.Where(c => c.Weight.Value == c.Node.Input(1)).Select(OfCarry));

    /// <summary>The operator in the pruned model.</summary>
    public Node InPruned(Graph pruned) => Counterpart(Node, pruned);

    /// <summary>The node of the pruned model that does what a node of the original does.</summary>
    /// <remarks>Where a vector was added behind a layer that gives an output of the model, the sum has taken over the output's name.</remarks>
    public static Node Counterpart(Node node, Graph pruned)
    {
        var producer = pruned.Values[node.Output.Name].Producer!;
        return producer.OperatorType == node.OperatorType ? producer : producer.Inputs.Select(v => v?.Producer).First(n => n?.OperatorType == node.OperatorType)!;
    }

    // A grouped convolution got a weight of its own when it was sliced.
    public Value WeightIn(Graph pruned) => InPruned(pruned).Inputs.First(v => v is not null
        && (v.Name == Contraction.Weight.Value.Name || v.Name.StartsWith(Contraction.Weight.Value.Name + "_pruned", StringComparison.Ordinal)))!;

    /// <summary>The operator's data in the pruned model.</summary>
    public Value DataIn(Graph pruned) => InPruned(pruned).Inputs[Node.Inputs.Index().First(i => i.Item == Contraction.Data.Value).Index]!;

    /// <summary>The weight of the pruned model by output channel, input channel and tap; whole blocks may be gone.</summary>
    public WeightView ViewIn(Graph pruned) =>
        WeightView.Of(Contraction with { Blocks = Contraction.Blocks > 1 ? (int)InPruned(pruned).Int("group", 1) : 1 }, WeightIn(pruned).Constant!);

    private static Contraction OfCarry(ChannelCarry carry) => new()
    {
        Node = carry.Node,
        Data = new AxisRef(carry.Node.Input(0)!, 1),
        Weight = new AxisRef(carry.Weight.Value, 1),
        WeightOutputAxis = carry.Weight.Axis,
        Output = carry.Output,
        BiasInput = carry.BiasInput,
        Blocks = (int)carry.Node.Int("group", 1),
        Macs = carry.Macs,
    };
}
