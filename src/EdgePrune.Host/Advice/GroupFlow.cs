using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Where the channels of a group flow: the nodes that touch them, and at which of their tensors.</summary>
internal sealed class GroupFlow
{
    private readonly Dictionary<Value, List<(int Axis, int Position)>> _axes;

    public GroupFlow(ModelAnalysis analysis, PruningGroup group)
    {
        Analysis = analysis;
        Group = group;
        _axes = group.Axes.Index()
            .Where(a => analysis.Model.Graph.Values.GetValueOrDefault(a.Item.Value.Name) == a.Item.Value)
            .GroupBy(a => a.Item.Value)
            .ToDictionary(g => g.Key, g => g.Select(a => (a.Item.Axis, a.Index)).ToList());
        Nodes = [.. analysis.Model.Graph.Nodes.Where(n => Inputs(n).Count > 0 || n.Outputs.Any(Holds))];
    }

    public ModelAnalysis Analysis { get; }

    public PruningGroup Group { get; }

    /// <summary>Nodes that read or give the channels, in the model's order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Constants that lose slices with each channel, with the axis and its position among the group's axes.</summary>
    public IEnumerable<(Value Value, int Axis, int Position)> Constants =>
        _axes.Where(a => a.Key.Constant is not null).SelectMany(a => a.Value.Select(p => (a.Key, p.Axis, p.Position)));

    /// <summary>Nodes that hand the channels on without weights and without summing over them.</summary>
    public IEnumerable<Node> Passing
    {
        get
        {
            var special = Group.Producers.Concat(Group.Consumers).Select(c => c.Node)
                .Concat(Group.Carriers.Select(c => c.Node))
                .Concat(Group.Reductions.Select(r => r.Node))
                .ToHashSet();
            return Nodes.Where(n => !special.Contains(n) && Inputs(n).Count > 0 && n.Outputs.Any(Holds));
        }
    }

    /// <summary>Whether a value carries channels of the group.</summary>
    public bool Holds(Value? value) => value is not null && _axes.ContainsKey(value);

    /// <summary>Computed inputs of a node that carry channels of the group, each once.</summary>
    public List<Value> Inputs(Node node) => [.. node.Inputs.OfType<Value>().Where(v => v.Constant is null && Holds(v)).Distinct()];

    /// <summary>Axes of a value that carry the channels.</summary>
    public IReadOnlyList<(int Axis, int Position)> AxesOf(Value value) => _axes.GetValueOrDefault(value) ?? [];

    /// <summary>For each channel its indices at a position among the group's axes.</summary>
    public List<IReadOnlyList<int>> Slices(int position) => [.. Group.Channels.Select(c => c.Slices[position])];
}
