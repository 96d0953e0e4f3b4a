using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Collects the classes that can be pruned into groups of equal pattern.</summary>
internal sealed class GroupBuilder(ChannelLinker linker)
{
    private readonly Dictionary<int, List<(AxisRef Axis, int Index)>> _members = [];
    private readonly List<PinReason> _refused = [];
    private readonly HashSet<AxisRef> _consumed = [.. linker.Contractions.Select(c => c.Data)];
    private readonly HashSet<AxisRef> _produced = [.. linker.Contractions.Select(c => c.Output)];

    /// <summary>Why channels that are free of pins still form no group.</summary>
    public IReadOnlyList<PinReason> Refused => _refused;

    public IReadOnlyList<PruningGroup> Build()
    {
        CollectMembers();
        var patterns = _members
            .Where(m => CanBePruned(m.Value))
            .GroupBy(m => string.Join('|', m.Value.Select(s => s.Axis).Distinct().Select(a => $"{a.Value.Name}\u0001{a.Axis}")), StringComparer.Ordinal)
            .Select(g => g.OrderBy(m => m.Key).Select(m => m.Value).ToList())
            .ToList();
        var order = linker.Contractions.Index().DistinctBy(c => c.Item.Output).ToDictionary(c => c.Item.Output, c => c.Index);
        var names = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. patterns
                .OrderBy(p => p[0].Min(m => order.GetValueOrDefault(m.Axis, int.MaxValue)))
                .Select(p => BuildGroup(p, names))
                .OfType<PruningGroup>(),
        ];
    }

    private void CollectMembers()
    {
        foreach (var (axis, (_, size)) in linker.Classes.Axes)
        {
            for (var index = 0; index < size; index++)
            {
                var root = linker.Classes.ClassOf(axis, index);
                if (linker.Classes.PinOf(root) is null)
                {
                    if (!_members.TryGetValue(root, out var slices))
                    {
                        _members[root] = slices = [];
                    }

                    slices.Add((axis, index));
                }
            }
        }
    }

    // A channel is made by weights and summed over by weights; anything else is no channel of a network's interior.
    private bool CanBePruned(List<(AxisRef Axis, int Index)> members) =>
        members.Exists(m => _consumed.Contains(m.Axis)) && members.Exists(m => _produced.Contains(m.Axis));

    private PruningGroup? BuildGroup(List<List<(AxisRef Axis, int Index)>> classes, HashSet<string> names)
    {
        var axes = classes[0].Select(m => m.Axis).Distinct().ToList();
        var touched = axes.ToHashSet();
        var producers = linker.Contractions.Where(c => touched.Contains(c.Output)).ToList();
        var blocks = new BlockRule(linker.EqualBlocks.Where(e => touched.Contains(e.Axis)), linker.Classes);
        var channels = classes.ConvertAll(members => new Channel(
            [.. axes.Select(a => (IReadOnlyList<int>)[.. members.Where(m => m.Axis == a).Select(m => m.Index)])],
            blocks.BlockOf(members)));
        if (!blocks.Holds(axes, channels))
        {
            _refused.Add(new PinReason(PinKind.NotCovered, $"The channels of {producers[0].Node} would have to keep equal numbers in blocks that do not fit together."));
            return null;
        }

        return new PruningGroup
        {
            Name = UniqueName(producers[0].Node.Label, names),
            Axes = axes,
            Channels = channels,
            Producers = producers,
            Consumers = [.. linker.Contractions.Where(c => touched.Contains(c.Data))],
            Carriers = [.. linker.Carries.Where(c => touched.Contains(c.Output))],
            Blocks = blocks.Count,
        };
    }

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
