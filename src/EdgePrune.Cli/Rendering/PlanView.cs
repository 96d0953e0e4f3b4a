using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>A plan for people: its groups and what the model costs before and after.</summary>
internal static class PlanView
{
    /// <summary>Prints the groups.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="plan">The plan.</param>
    public static void PrintGroups(Screen screen, PrunePlan plan)
    {
        var table = new Table().AddColumns("Group", "Kept", "Of", "Quantum", "Scores", "Highest removed", "Lowest kept", "Error share");
        foreach (var group in plan.Groups)
        {
            table.AddRow(
                Markup.Escape(group.Group), Numbers.Count(group.Channels - group.Remove.Count), Numbers.Count(group.Channels), Numbers.Count(group.Quantum),
                $"{Score(group.LowestScore)} to {Score(group.HighestScore)}", Score(group.HighestRemoved), Score(group.LowestKept), Score(group.ErrorShare));
        }

        screen.Show(table);
    }

    /// <summary>Prints what the model costs before and after, by counting.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="plan">The plan.</param>
    public static void PrintTotals(Screen screen, PrunePlan plan)
    {
        if (plan is not { Before: { } before, After: { } after })
        {
            return;
        }

        var table = new Table().AddColumns("Figure", "Before", "After", "Saved");
        void Row(string name, string was, string now, RateUnit unit) =>
            table.AddRow(name, was, now, before.Of(unit) > 0 ? Numbers.Percent(1 - (after.Of(unit) / before.Of(unit))) : "-");
        Row("channels", Numbers.Count(before.Channels), Numbers.Count(after.Channels), RateUnit.Channels);
        Row("parameters", Numbers.Count(before.Parameters), Numbers.Count(after.Parameters), RateUnit.Parameters);
        Row("MACs", Numbers.Count(before.Macs), Numbers.Count(after.Macs), RateUnit.Macs);
        Row("file, predicted", before.FileSize.ToString(), after.FileSize.ToString(), RateUnit.Bytes);
        if (before.Latency is { } slow && after.Latency is { } fast)
        {
            Row("latency, predicted", Durations.Print(slow), Durations.Print(fast), RateUnit.Latency);
        }

        screen.Show(table);
        screen.Say(string.Create(CultureInfo.InvariantCulture,
            $"{(plan.Reached ?? 0) * 100:0.0} % of {Name(plan.RateOf)} would go, {plan.Rate * 100:0.#} % were asked for ({plan.Criterion}, seed {plan.Seed}{(plan.Steps is { } steps ? $", {steps.Count} steps" : "")})."));
        if (before.Latency is not null)
        {
            screen.Say("The latency is a prediction from the target's estimates; 'edgeprune tune' and 'edgeprune profile' measure it.");
        }
    }

    /// <summary>Prints what was tried to share the rate out, if anything was.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="plan">The plan.</param>
    public static void PrintTrials(Screen screen, PrunePlan plan)
    {
        if (plan.Trials is not { } trials)
        {
            return;
        }

        var table = new Table().AddColumns("Shared out by", "Gone", "Output error on held-out samples", "");
        foreach (var trial in trials)
        {
            table.AddRow(Markup.Escape(trial.Name), Numbers.Percent(trial.Reached), Numbers.Tiny(trial.Error), trial.IsTaken ? "taken" : "");
        }

        screen.Show(table);
    }

    private static string Name(RateUnit unit) => unit switch
    {
        RateUnit.Parameters => "the parameters",
        RateUnit.Macs => "the MACs",
        RateUnit.Bytes => "the file",
        RateUnit.Latency => "the predicted latency",
        _ => "the channels",
    };

    private static string Score(double? score) => score is null ? "-" : Numbers.Tiny(score.Value);
}
