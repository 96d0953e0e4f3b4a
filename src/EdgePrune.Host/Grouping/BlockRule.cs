using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// The rule that blocks of an axis keep equally many channels. Several axes with other numbers of blocks are served by the
/// finest division, when it refines the others.
/// </summary>
internal sealed class BlockRule
{
    private readonly List<EqualBlocks> _rules;
    private readonly ChannelClasses _classes;

    public BlockRule(IEnumerable<EqualBlocks> rules, ChannelClasses classes)
    {
        _classes = classes;
        _rules = [.. rules.Where(r => r.Blocks > 1).OrderByDescending(r => r.Blocks)];
    }

    public int Count => _rules.Count == 0 ? 1 : _rules[0].Blocks;

    public int BlockOf(List<(AxisRef Axis, int Index)> members) => _rules.Count == 0 ? 0 : BlockOf(_rules[0], members);

    /// <summary>Whether keeping the same number in every block of the finest rule also satisfies the others.</summary>
    public bool Holds(IReadOnlyList<AxisRef> axes, IReadOnlyList<Channel> channels)
    {
        if (_rules.Count == 0)
        {
            return true;
        }

        var size = _classes.Size(_rules[0].Axis);
        var nested = _rules.All(r => Count % r.Blocks == 0 && _classes.Size(r.Axis) == size);
        var slices = axes.ToList().IndexOf(_rules[0].Axis);
        var whole = channels.Sum(c => c.Slices[slices].Count) == size;
        var inside = channels.All(c => c.Slices[slices].All(i => i / (size / Count) == c.Block));
        return nested && whole && inside && channels.CountBy(c => c.Block).All(b => b.Value == channels.Count / Count);
    }

    private int BlockOf(EqualBlocks rule, List<(AxisRef Axis, int Index)> members) =>
        members.First(m => m.Axis == rule.Axis).Index / (_classes.Size(rule.Axis) / rule.Blocks);
}
