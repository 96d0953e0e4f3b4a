namespace EdgePrune.Host;

/// <summary>
/// Takes channels where they are worth least for what they save, one allowed step of one group at a time, with the saving
/// counted at the widths that are left by then.
/// </summary>
/// <remarks>The order does not depend on how much is asked for, so a higher rate removes all that a lower one does.</remarks>
/// <param name="slots">The groups.</param>
/// <param name="loss">What a step of a group from one width to the next loses; the same for the same widths.</param>
/// <param name="saving">What the loss is set against.</param>
internal sealed class GreedyAllocation(IReadOnlyList<GroupSlot> slots, Func<int, int, int, double> loss, CostLedger saving)
{
    private readonly int[] _keep = [.. slots.Select(s => s.Channels)];
    private readonly double[] _prices = new double[slots.Count];

    /// <summary>Removes steps of these groups until enough is gone or nothing more may go.</summary>
    /// <param name="groups">Numbers of the groups that compete.</param>
    /// <param name="isEnough">Told of every step that was taken; says whether that was enough.</param>
    /// <returns>How many channels stay in each group.</returns>
    public int[] Run(IReadOnlyList<int> groups, Func<int, int[], bool> isEnough)
    {
        foreach (var group in groups)
        {
            _prices[group] = Price(group);
        }

        while (Cheapest(groups) is { } group)
        {
            var next = slots[group].Below(_keep[group])!.Value;
            int[] gone = [.. slots[group].Between(_keep[group], next)];
            saving.Remove(group, gone);
            _keep[group] = next;
            foreach (var neighbour in saving.Neighbours(group).Where(groups.Contains))
            {
                _prices[neighbour] = Price(neighbour);
            }

            if (isEnough(group, gone))
            {
                break;
            }
        }

        return _keep;
    }

    private int? Cheapest(IReadOnlyList<int> groups)
    {
        int? best = null;
        foreach (var group in groups)
        {
            if (!double.IsPositiveInfinity(_prices[group]) && (best is null || _prices[group] < _prices[best.Value]))
            {
                best = group;
            }
        }

        return best;
    }

    private double Price(int group)
    {
        if (slots[group].Below(_keep[group]) is not { } next)
        {
            return double.PositiveInfinity;
        }

        var saved = saving.Saving(group, slots[group].Between(_keep[group], next));

        // What saves nothing goes last, the least loss first.
        var lost = loss(group, _keep[group], next);
        return saved > 0 ? lost / saved : double.MaxValue / 2 * (1 + Math.Min(1, lost));
    }
}
