using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Finds the weights of a model that may become sparse: those that contractions and carries multiply with, and nothing else does.</summary>
internal static class SparsityLayers
{
    /// <summary>Layers in the graph's order, and why other weights of contractions stay as they are.</summary>
    public static (IReadOnlyList<SparsityLayer> Layers, IReadOnlyList<UntouchedWeight> Untouched) Find(Graph graph, ShapeTable shapes)
    {
        var linker = ChannelLinker.Link(graph, shapes);
        List<SparsityLayer> layers = [];
        List<UntouchedWeight> untouched = [];
        var contractions = linker.Contractions.Concat(linker.Carries.Where(c => c.Node.OperatorType == "Conv").Select(AsContraction));
        var order = graph.Nodes.Index().ToDictionary(n => n.Item, n => n.Index);
        foreach (var users in contractions.GroupBy(c => c.Weight.Value).OrderBy(w => w.Min(c => order[c.Node])))
        {
            if (ReasonToStay(users.Key, [.. users]) is { } reason)
            {
                untouched.Add(new UntouchedWeight(users.Key.Name, users.First().Node.Label, reason));
            }
            else
            {
                layers.Add(new SparsityLayer(users.Key, [.. users.Select(Use)]));
            }
        }

        untouched.AddRange(linker.Carries.Where(c => c.Node.OperatorType != "Conv").Select(c =>
            new UntouchedWeight(c.Weight.Value.Name, c.Node.Label, $"{c.Node.OperatorType} carries channels through in a way that is not read as a matrix.")));
        return (layers, untouched);
    }

    private static WeightUse Use(Contraction contraction)
    {
        var slot = Enumerable.Range(0, contraction.Node.Inputs.Count).First(i => contraction.Node.Input(i) == contraction.Data.Value);
        return new WeightUse(contraction, slot, ContractionRows.TryMake(contraction));
    }

    private static string? ReasonToStay(Value weight, IReadOnlyList<Contraction> users)
    {
        if (weight.Constant is not { } tensor || !tensor.ElementType.IsFloat())
        {
            return "It is no constant of real numbers.";
        }

        if (weight.IsGraphOutput || weight.Uses.Count != users.Count)
        {
            return "Something else reads it, too.";
        }

        if (users.Any(c => c.IsRecurrent || !c.Node.Inputs.Contains(c.Data.Value)))
        {
            return "It works on a state that the node feeds back to itself.";
        }

        return users.Select(c => (c.Weight.Axis, c.WeightOutputAxis, c.Blocks, c.OutputAxisIsPerBlock)).Distinct().Count() > 1
            ? "Its users read it in different layouts."
            : null;
    }

    // A depthwise convolution contracts one channel in each of its blocks.
    private static Contraction AsContraction(ChannelCarry carry) => new()
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
