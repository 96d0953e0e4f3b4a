namespace EdgePrune.Host;

/// <summary>
/// Ranks channels only among groups of one pattern: each class of such groups loses the same share of its channels, and
/// within a class the least worth go, whichever group they are of.
/// </summary>
internal sealed class IsomorphicClasses
{
    private readonly IReadOnlyList<GroupSlot> _slots;
    private readonly IReadOnlyList<IsomorphicClass> _classes;

    public IsomorphicClasses(IReadOnlyList<GroupSlot> slots, CostModel cost, Func<int, int, int, double> loss, bool isComparable)
    {
        _slots = slots;
        _classes =
        [
            .. slots.Index().GroupBy(s => GroupPattern.Of(s.Item.Group), s => s.Index, StringComparer.Ordinal)
                .Select(c => new IsomorphicClass([.. c], Steps([.. c], new GreedyAllocation(slots, loss, new CostLedger(cost, isComparable ? cost.Balanced() : cost.Items(RateUnit.Channels)))))),
        ];
    }

    /// <summary>Channels of each class in the original.</summary>
    public IEnumerable<int> Sizes => _classes.Select(c => c.Groups.Sum(g => _slots[g].Original));

    /// <summary>Channels that stay in each group when every class loses this share.</summary>
    public int[] Widths(double rate)
    {
        var keep = _slots.Select(s => s.Channels).ToArray();
        foreach (var (groups, steps) in _classes)
        {
            var left = groups.Sum(g => keep[g]);
            var wanted = GroupWidths.Keep(groups.Sum(g => _slots[g].Original), rate);
            foreach (var (group, count) in steps)
            {
                // The nearest to what is wanted, as for single groups.
                if (left <= wanted || left - wanted < wanted - (left - count))
                {
                    break;
                }

                keep[group] -= count;
                left -= count;
            }
        }

        return keep;
    }

    // The order in which a class loses channels, as far as it may; costs are those of the model in which no other class lost any.
    private static List<(int Group, int Count)> Steps(int[] groups, GreedyAllocation allocation)
    {
        List<(int Group, int Count)> steps = [];
        allocation.Run(groups, (group, gone) =>
        {
            steps.Add((group, gone.Length));
            return false;
        });
        return steps;
    }

    private sealed record IsomorphicClass(int[] Groups, List<(int Group, int Count)> Steps);
}
