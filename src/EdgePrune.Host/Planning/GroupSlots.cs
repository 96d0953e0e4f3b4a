using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Applies limits, quanta and the rule for spines to a model's groups.</summary>
internal static class GroupSlots
{
    public static IReadOnlyList<GroupSlot> Of(ModelAnalysis analysis, IReadOnlyList<double>[] scores, PlanOptions options)
    {
        RequireKnown(analysis, options.Limits);
        return [.. analysis.Groups.Select((g, i) => Slot(g, scores[i], options))];
    }

    /// <summary>Requires that every limit is for some group.</summary>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>; the message names the nearest groups.</exception>
    public static void RequireKnown(ModelAnalysis analysis, IReadOnlyList<GroupLimit> limits)
    {
        var names = analysis.Groups.Select(g => g.Name).ToList();
        if (limits.FirstOrDefault(l => !names.Exists(l.Covers)) is { } unknown)
        {
            throw new InputException(ErrorCode.InvalidOption,
                $"The limit '{unknown.Groups}' is for no group of '{analysis.Model.Name}'. Nearest are {string.Join(", ", Nearest(unknown.Groups, names).Select(n => $"'{n}'"))}; 'edgeprune inspect --groups' lists all.");
        }
    }

    private static GroupSlot Slot(PruningGroup group, IReadOnlyList<double> scores, PlanOptions options)
    {
        var original = options.Basis is { } basis ? basis.Channels.GetValueOrDefault(group.Name, group.Channels.Count) : group.Channels.Count;
        var named = options.Limits.LastOrDefault(l => l.Covers(group.Name))?.Rate;
        var isKept = options.Spines == SpineRule.Keep && ResidualSpine.Is(group);
        var competes = options.Scope != PruningScope.PerLayer || options.Sensitivity is not null;
        var limit = isKept ? 0 : named ?? (competes ? options.MaxGroupRate : 1);
        return new GroupSlot(group, scores)
        {
            Original = original,
            Quantum = GroupWidths.Quantum(group, options),
            Least = limit >= 1 ? group.Least : Math.Max(group.Least, (int)Math.Ceiling((original * (1 - limit)) - 1e-9)),
            Limit = limit,
        };
    }

    private static List<string> Nearest(string wrong, List<string> names)
    {
        List<string> nearest = [];
        var left = names.ToList();
        while (nearest.Count < 3 && NearestName.Of(wrong, left) is { } name)
        {
            nearest.Add(name);
            left.Remove(name);
        }

        return nearest.Count > 0 ? nearest : [.. names.Take(3)];
    }
}
