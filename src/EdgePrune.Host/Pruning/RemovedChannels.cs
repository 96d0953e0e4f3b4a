using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Which indices of which axes a plan removes, looked up by the analysed model's axes.</summary>
internal sealed class RemovedChannels : IKeptIndices
{
    private readonly ModelAnalysis _analysis;
    private readonly Dictionary<(string Value, int Axis), SortedSet<int>> _removed = [];

    public RemovedChannels(ModelAnalysis analysis, PrunePlan plan)
    {
        _analysis = analysis;
        RequireFit(analysis, plan);
        foreach (var (group, groupPlan) in analysis.Groups.Zip(plan.Groups))
        {
            foreach (var channel in groupPlan.Remove)
            {
                Remove(group, group.Channels[channel]);
            }
        }
    }

    public IEnumerable<(string Value, int Axis)> Axes => _removed.Keys;

    public IReadOnlyCollection<int> Of(AxisRef axis) => _removed.TryGetValue((axis.Value.Name, axis.Axis), out var removed) ? removed : [];

    public IReadOnlyList<int> Kept(Value value, int axis)
    {
        var all = Enumerable.Range(0, (int)OldShape(value)[axis]);
        return _removed.TryGetValue((value.Name, axis), out var removed) ? [.. all.Where(i => !removed.Contains(i))] : [.. all];
    }

    public long[] OldShape(Value value) => _analysis.Model.Graph.Values.TryGetValue(value.Name, out var original)
        ? _analysis.Shapes[original]
        : value.Constant?.Dims.ToArray() ?? throw new InvalidOperationException($"'{value.Name}' was not there before pruning.");

    private void Remove(PruningGroup group, Channel channel)
    {
        foreach (var (axis, indices) in group.Axes.Zip(channel.Slices))
        {
            var key = (axis.Value.Name, axis.Axis);
            if (!_removed.TryGetValue(key, out var removed))
            {
                _removed[key] = removed = [];
            }

            removed.UnionWith(indices);
        }
    }

    private static void RequireFit(ModelAnalysis analysis, PrunePlan plan)
    {
        if (plan.ModelSha256 != analysis.Sha256)
        {
            throw new InputException(ErrorCode.PlanMismatch,
                $"The plan was made for model {Short(plan.ModelSha256)}, but this one is {Short(analysis.Sha256)} after normalisation. Make a plan for this model with 'edgeprune plan'.");
        }

        var fits = plan.Groups.Count == analysis.Groups.Count
            && plan.Groups.Zip(analysis.Groups).All(p => p.First.Group == p.Second.Name
                && p.First.Channels == p.Second.Channels.Count
                && p.First.Remove.All(c => c >= 0 && c < p.Second.Channels.Count)
                && p.First.Remove.Distinct().Count() < p.Second.Channels.Count
                && KeepsBlocksEqual(p.First, p.Second));
        if (!fits)
        {
            throw new InputException(ErrorCode.PlanMismatch, "The plan's groups are not the model's: names, channel counts or removed channels do not fit. Make a new plan with 'edgeprune plan'.");
        }
    }

    private static bool KeepsBlocksEqual(GroupPlan plan, PruningGroup group) =>
        group.Blocks == 1
        || group.Channels.Index().Where(c => !plan.Remove.Contains(c.Index)).CountBy(c => c.Item.Block).Select(b => b.Value).ToList() is var counts
            && counts.Count == group.Blocks && counts.Distinct().Count() == 1;

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;
}
