using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Collects the classes that can be pruned into groups of equal pattern.</summary>
internal sealed class GroupBuilder(ChannelLinker linker)
{
    private readonly AxisRef[] _axes = [.. linker.Classes.Axes.Select(a => a.Key)];
    private readonly ILookup<AxisRef, (int Order, Contraction Item)> _producers = Index(linker.Contractions, c => c.Output);
    private readonly ILookup<AxisRef, (int Order, Contraction Item)> _consumers = Index(linker.Contractions, c => c.Data);
    private readonly ILookup<AxisRef, (int Order, ChannelCarry Item)> _carriers = Index(linker.Carries, c => c.Output);
    private readonly ILookup<AxisRef, (int Order, ChannelReduction Item)> _reductions = Index(linker.Reductions, r => r.Data);
    private readonly ILookup<AxisRef, (int Order, EqualBlocks Item)> _equalBlocks = Index(linker.EqualBlocks, e => e.Axis);
    private readonly List<PinReason> _refused = [];
    private readonly HashSet<AxisRef> _uneven = [];

    /// <summary>Why channels that are free of pins still form no group.</summary>
    public IReadOnlyList<PinReason> Refused => _refused;

    /// <summary>
    /// Links and groups a graph. Grouped convolutions whose channels cannot go evenly, such as one behind a Concat of two layers, lose whole
    /// groups where more can go that way.
    /// </summary>
    public static (ChannelLinker Linker, IReadOnlyList<PruningGroup> Groups, IReadOnlyList<PinReason> Refused) Find(Graph graph, ShapeTable shapes, GroupingOptions options)
    {
        var linker = ChannelLinker.Link(graph, shapes, options);
        var builder = new GroupBuilder(linker);
        var groups = builder.Build();
        var (whole, tried) = (new HashSet<Node>(), new HashSet<Node>());
        while (builder.Uneven().FirstOrDefault(tried.Add) is { } node)
        {
            var changed = ChannelLinker.Link(graph, shapes, options, new HashSet<Node>(whole) { node });
            var other = new GroupBuilder(changed);
            var found = other.Build();
            if (Removable(found) > Removable(groups))
            {
                whole.Add(node);
                (linker, builder, groups) = (changed, other, found);
            }
        }

        return (linker, groups, builder.Refused);
    }

    public IReadOnlyList<PruningGroup> Build()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. FreeChannels()
                .GroupBy(c => c, ChannelMembers.ByAxes)
                .Select(p => (Axes: p.Key.Axes.Select(a => _axes[a]).ToList(), Channels: p.ToList()))
                .Where(p => CanBePruned(p.Axes))
                .OrderBy(p => p.Axes.SelectMany(a => _producers[a]).Min(c => (int?)c.Order) ?? -1)
                .Select(p => BuildGroup(p.Axes, p.Channels, names))
                .OfType<PruningGroup>(),
        ];
    }

    // In the order of their first index, which leads the class.
    private Dictionary<int, ChannelMembers>.ValueCollection FreeChannels()
    {
        var members = new Dictionary<int, ChannelMembers>();
        foreach (var (axis, (_, (first, size))) in linker.Classes.Axes.Index())
        {
            for (var index = 0; index < size; index++)
            {
                var root = linker.Classes.Root(first + index);
                if (linker.Classes.PinOf(root) is not null)
                {
                    continue;
                }

                if (!members.TryGetValue(root, out var channel))
                {
                    members[root] = channel = new ChannelMembers();
                }

                channel.Add(axis, index);
            }
        }

        return members.Values;
    }

    // A channel is made by weights and combined by weights or without; anything else is no channel of a network's interior.
    private bool CanBePruned(List<AxisRef> axes) =>
        (axes.Exists(_producers.Contains) || axes.Exists(_carriers.Contains)) && (axes.Exists(_consumers.Contains) || axes.Exists(_reductions.Contains));

    private PruningGroup? BuildGroup(List<AxisRef> axes, List<ChannelMembers> members, HashSet<string> names)
    {
        var (producers, carriers) = (Touching(_producers, axes), Touching(_carriers, axes));
        var maker = producers.Count > 0 ? producers[0].Node : carriers[0].Node;
        if (new BlockRule(Touching(_equalBlocks, axes), axes, linker.Classes).Place(members.ConvertAll(m => m.Slices())) is not { } channels)
        {
            _uneven.UnionWith(axes);
            _refused.Add(new PinReason(PinKind.NotCovered, $"The channels of {maker} would have to keep equal numbers in blocks that do not fit together."));
            return null;
        }

        return new PruningGroup
        {
            Name = UniqueName(maker.Label, names),
            Axes = axes,
            Channels = channels,
            Producers = producers,
            Consumers = Touching(_consumers, axes),
            Carriers = carriers,
            Reductions = Touching(_reductions, axes),
            Blocks = channels.Max(c => c.Block) + 1,
        };
    }

    // What the groups reach in all; one whose channels all have to stay reaches nothing.
    private static int Removable(IReadOnlyList<PruningGroup> groups) =>
        groups.Where(g => g.Channels.Count > Math.Max(g.Blocks, g.Least)).Sum(g => g.Channels.Sum(c => c.Slices.Sum(s => s.Count)));

    // Grouped convolutions with one output a group, or around channels that were refused.
    private IEnumerable<Node> Uneven() => linker.Contractions
        .Where(c => ChannelLinker.HasGroups(c) && (linker.Classes.Size(c.Output) == c.Blocks || _uneven.Contains(c.Data) || _uneven.Contains(c.Output)))
        .Select(c => c.Node);

    private static ILookup<AxisRef, (int Order, T Item)> Index<T>(IReadOnlyList<T> items, Func<T, AxisRef> axis) =>
        items.Index().Select(i => (Order: i.Index, i.Item)).ToLookup(i => axis(i.Item));

    private static List<T> Touching<T>(ILookup<AxisRef, (int Order, T Item)> items, List<AxisRef> axes) =>
        [.. axes.SelectMany(a => items[a]).OrderBy(i => i.Order).Select(i => i.Item)];

    private static string UniqueName(string name, HashSet<string> names)
    {
        var unique = name;
        for (var i = 2; !names.Add(unique); i++)
        {
            unique = $"{name}#{i}";
        }

        return unique;
    }
}
