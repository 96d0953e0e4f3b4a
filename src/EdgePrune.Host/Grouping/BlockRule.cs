using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// The rule that blocks of an axis keep equally many channels. Several axes with other numbers of blocks are served by the
/// coarsest division that refines them all: 2 and 3 blocks by 6.
/// </summary>
internal sealed class BlockRule
{
    private readonly List<EqualBlocks> _rules;
    private readonly ChannelClasses _classes;
    private readonly int _position;
    private readonly int _size;

    /// <summary>The rule of a group.</summary>
    /// <param name="rules">What operators declare of the group's axes.</param>
    /// <param name="axes">The group's axes.</param>
    /// <param name="classes">The model's channel classes.</param>
    public BlockRule(IEnumerable<EqualBlocks> rules, List<AxisRef> axes, ChannelClasses classes)
    {
        _classes = classes;
        _rules = [.. rules.Where(r => r.Blocks > 1).OrderByDescending(r => r.Blocks)];
        if (_rules.Count > 0)
        {
            _position = axes.IndexOf(_rules[0].Axis);
            _size = classes.Size(_rules[0].Axis);
        }

        Count = _rules.Aggregate(1, (count, r) => count / (int)System.Numerics.BigInteger.GreatestCommonDivisor(count, r.Blocks) * r.Blocks);
    }

    public int Count { get; }

    /// <summary>The channel of these slices with its block.</summary>
    public Channel Place(IReadOnlyList<IReadOnlyList<int>> slices) => new(slices, _rules.Count == 0 ? 0 : slices[_position][0] / Math.Max(1, _size / Count));

    /// <summary>Whether the division fits the axis and every channel lies in one block.</summary>
    public bool Holds(IReadOnlyList<Channel> channels)
    {
        if (_rules.Count == 0)
        {
            return true;
        }

        if (_size % Count != 0)
        {
            return false;
        }

        var nested = _rules.TrueForAll(r => _classes.Size(r.Axis) == _size);
        var whole = channels.Sum(c => c.Slices[_position].Count) == _size;
        var inside = channels.All(c => c.Slices[_position].All(i => i / (_size / Count) == c.Block));
        return nested && whole && inside && channels.CountBy(c => c.Block).All(b => b.Value == channels.Count / Count);
    }
}
