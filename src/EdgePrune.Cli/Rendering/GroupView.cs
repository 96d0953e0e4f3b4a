using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Groups and pins of a model, for people.</summary>
internal static class GroupView
{
    private const int ShownGroups = 20;
    private const int ShownOperators = 6;

    /// <summary>Prints the groups: a short table, or an explanation of each.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="explained">Whether each is explained.</param>
    public static void PrintGroups(Screen screen, IReadOnlyList<GroupExplanation> groups, bool explained)
    {
        screen.Say($"{groups.Count} groups can be pruned, {Numbers.Count(groups.Sum(g => g.Channels))} channels{(explained || groups.Count == 0 ? "" : " (--groups explains them, --group NAME one in full)")}.");
        if (explained)
        {
            foreach (var group in groups)
            {
                screen.Say();
                PrintGroup(screen, group, isFull: false);
            }

            return;
        }

        PrintTable(screen, groups);
    }

    /// <summary>Prints one group in words.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="group">The group.</param>
    /// <param name="isFull">Whether long lists are printed in full.</param>
    public static void PrintGroup(Screen screen, GroupExplanation group, bool isFull)
    {
        foreach (var line in GroupExplanationText.Lines(group, isFull))
        {
            screen.Say(line);
        }
    }

    /// <summary>Prints what stays, by reason, and what the model's author could do.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="pins">The pins.</param>
    public static void PrintPins(Screen screen, IReadOnlyList<PinExplanation> pins)
    {
        screen.Say(pins.Count == 0 ? "Nothing is pinned." : "Pinned:");
        foreach (var kind in pins)
        {
            screen.Say($"  {Numbers.Count(kind.Channels)} channels. {kind.Remedy}");
            foreach (var reason in kind.Reasons)
            {
                screen.Say($"    {reason.Text}{Operators(reason.Operators)}");
            }
        }
    }

    /// <summary>Finds a group by its name.</summary>
    /// <param name="groups">All groups.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static GroupExplanation Find(IReadOnlyList<GroupExplanation> groups, string name) => groups.FirstOrDefault(g => g.Name == name)
        ?? throw new InputException(ErrorCode.InvalidOption, groups.Count == 0
            ? $"There is no group '{name}': the model has none. 'edgeprune inspect' says why."
            : $"There is no group '{name}'. The model has {string.Join(", ", groups.Take(ShownGroups).Select(g => g.Name))}{(groups.Count > ShownGroups ? $" and {groups.Count - ShownGroups} more" : "")}.");

    private static void PrintTable(Screen screen, IReadOnlyList<GroupExplanation> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }

        var table = new Table().AddColumns("Group", "Channels", "MACs a channel", "Parameters a channel", "Made and read by", "Coupled");
        foreach (var group in groups.Take(ShownGroups))
        {
            table.AddRow(
                Markup.Escape(group.Name), Numbers.Count(group.Channels), Numbers.Percent(group.Worth.MacShare), Numbers.Percent(group.Worth.ParameterShare),
                $"{group.MadeBy.Count} and {group.ReadBy.Count}", group.Couplings.Count + group.Rules.Count == 0 ? "no" : "yes");
        }

        screen.Show(table);
        if (groups.Count > ShownGroups)
        {
            screen.Say($"and {groups.Count - ShownGroups} more.");
        }
    }

    private static string Operators(IReadOnlyList<PinnedOperator> operators)
    {
        var rest = operators.Count > ShownOperators ? $" and {operators.Count - ShownOperators} more" : "";
        return operators.Count == 0 ? "" : $" {string.Join(", ", operators.Take(ShownOperators))}{rest}.";
    }
}
