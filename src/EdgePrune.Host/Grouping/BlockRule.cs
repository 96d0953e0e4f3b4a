using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// The rule that blocks of an axis keep equally many channels. Where several axes ask for it, channels that lie in the same
/// block of each form a cell, and cells are cut to equal size: as many from each part keeps every axis even.
/// </summary>
/// <remarks>
/// Worked example: 8 channels of which one operator takes 0..3 and 4..7, and, behind a shuffle, another the even and the odd
/// ones: the cells are {0, 2}, {1, 3}, {4, 6} and {5, 7}, and one of each goes. Blocks of 6 and of 4 among 12 channels give
/// cells of 4, 2, 2 and 4, which are cut to six parts of 2.
/// </remarks>
internal sealed class BlockRule
{
    private readonly List<(EqualBlocks Rule, int Position, int Size)> _rules;

    /// <summary>The rule of a group.</summary>
    /// <param name="rules">What operators declare of the group's axes.</param>
    /// <param name="axes">The group's axes.</param>
    /// <param name="classes">The model's channel classes.</param>
    public BlockRule(IEnumerable<EqualBlocks> rules, List<AxisRef> axes, ChannelClasses classes) =>
        _rules = [.. rules.Where(r => r.Blocks > 1).Select(r => (r, axes.IndexOf(r.Axis), classes.Size(r.Axis)))];

    /// <summary>The channels with their blocks, numbered from 0; null when no choice of channels keeps all axes even.</summary>
    public IReadOnlyList<Channel>? Place(IReadOnlyList<IReadOnlyList<int>[]> channels)
    {
        if (_rules.Count == 0)
        {
            return [.. channels.Select(c => new Channel(c, 0))];
        }

        if (_rules.Exists(r => !IsWhole(channels, r.Position, r.Size)) || channels.Any(c => _rules.Exists(r => BlockOf(c, r) is null)))
        {
            return null;
        }

        var cells = channels.Select((c, i) => (Index: i, Cell: string.Join(',', _rules.Select(r => BlockOf(c, r)!.Value.ToString("d9", null)))))
            .GroupBy(c => c.Cell, c => c.Index, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.ToArray()).ToList();
        var part = cells.Aggregate(0, (size, cell) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(size, cell.Length));
        var blocks = cells.SelectMany(c => c.Chunk(part)).Index().SelectMany(b => b.Item.Select(i => (i, b.Index))).ToDictionary(b => b.i, b => b.Index);
        return [.. channels.Select((c, i) => new Channel(c, blocks[i]))];
    }

    // All of the axis is of this group, and every channel owns equally many of its indices.
    private static bool IsWhole(IReadOnlyList<IReadOnlyList<int>[]> channels, int position, int size) =>
        channels.Sum(c => c[position].Count) == size && channels.All(c => c[position].Count == channels[0][position].Count);

    // The block that holds all indices of a channel; null when they lie in several.
    private static int? BlockOf(IReadOnlyList<int>[] channel, (EqualBlocks Rule, int Position, int Size) rule)
    {
        var width = rule.Size / rule.Rule.Blocks;
        var block = channel[rule.Position][0] / width;
        return channel[rule.Position].All(i => i / width == block) ? block : null;
    }
}
