namespace EdgePrune.Host;

/// <summary>One group while its width is decided.</summary>
internal sealed class GroupSlot
{
    /// <summary>Makes the slot of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="scores">A score for each channel.</param>
    public GroupSlot(PruningGroup group, IReadOnlyList<double> scores)
    {
        Group = group;
        Scores = scores;
        Order = InOrder(group, scores);
    }

    public PruningGroup Group { get; }

    public IReadOnlyList<double> Scores { get; }

    /// <summary>
    /// Channels in the order in which they go: the lowest score of each block, then the next of each, so that every whole
    /// number of rounds keeps blocks equal.
    /// </summary>
    public int[] Order { get; }

    /// <summary>Channels now.</summary>
    public int Channels => Group.Channels.Count;

    /// <summary>Channels of the original that rates refer to; as many as now unless the model was pruned before.</summary>
    public required int Original { get; init; }

    /// <summary>Widths are multiples of it, or all channels.</summary>
    public required int Quantum { get; init; }

    /// <summary>Fewest channels that stay.</summary>
    public required int Least { get; init; }

    /// <summary>Most of the original's channels that may go by the user's own limit for this group.</summary>
    public required double Limit { get; init; }

    /// <summary>The channels that go when this many stay.</summary>
    public ReadOnlySpan<int> Removed(int keep) => Order.AsSpan(0, Channels - keep);

    /// <summary>The channels of one step from a width to a lower one.</summary>
    public ReadOnlySpan<int> Between(int width, int next) => Order.AsSpan(Channels - width, width - next);

    /// <summary>The next lower width that is allowed, or null.</summary>
    public int? Below(int width)
    {
        var next = GroupWidths.Below(width, Quantum, Group.Blocks);
        return next >= Least ? next : null;
    }

    /// <summary>The allowed width nearest to a wanted one, never more than there are.</summary>
    public int Round(int wanted)
    {
        var width = GroupWidths.Round(wanted, Original, Quantum, Group.Blocks);
        while (width < Least && width < Original)
        {
            width = GroupWidths.Above(width, Original, Quantum, Group.Blocks);
        }

        return Math.Min(width, Channels);
    }

    private static int[] InOrder(PruningGroup group, IReadOnlyList<double> scores)
    {
        var blocks = Enumerable.Range(0, scores.Count).OrderBy(c => scores[c]).ThenBy(c => c).GroupBy(c => group.Channels[c].Block).Select(b => b.ToArray()).ToArray();
        return [.. Enumerable.Range(0, blocks.Max(b => b.Length)).SelectMany(round => blocks.Where(b => round < b.Length).Select(b => b[round]))];
    }
}
