using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>Which form of a model was written and why, for people.</summary>
internal static class FormChoiceView
{
    /// <summary>Prints what was measured on this machine, and what follows.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="takesBytes">Whether only int8 takes the inputs that were asked for.</param>
    public static void Print(Screen screen, FormChoice choice, bool takesBytes)
    {
        screen.Say($"speed:  int8 as counted: {ComparisonView.Sentence(choice.Int8.Ratio, "int8 model", "float model")}");
        foreach (var (place, round) in choice.Rounds.Index())
        {
            screen.Say($"        {Round(round, place + 1)}");
        }

        screen.Say($"        {Written(choice, takesBytes)}");
        ProfileView.PrintVerdict(screen, (choice.Fastest == ModelForm.Replanned ? choice.Replanned! : choice.Int8).Validity);
    }

    /// <summary>Prints what a device's reports said; nothing without them.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="forms">The reports.</param>
    /// <param name="planned">What was planned by them, or null.</param>
    public static void Print(Screen screen, MeasuredForms? forms, PlannedTime? planned)
    {
        if (forms is null)
        {
            return;
        }

        screen.Say($"device: {ComparisonView.Sentence(forms.Ratio, "int8 model", "float model")}");
        screen.Say(planned is { } time && time.Planned < time.Float
            ? string.Create(CultureInfo.InvariantCulture, $"        planned by its operators: {Durations.Print(time.Planned)} where float takes {Durations.Print(time.Float)}, a ratio of {time.Planned / time.Float:0.00}. Profile what was written to be sure.")
            : "        By its operators nothing is faster in int8 there: what was written is the float model.");
    }

    private static string Round(ReplanRound round, int number) => round.Comparison is { } comparison
        ? $"int8 as measured, round {number}: {ComparisonView.Sentence(comparison.Ratio, "re-planned int8 model", "float model")}{Promised(round)}"
        : number == 1 ? $"not re-planned: {round.Ended}" : $"not re-planned again: {round.Ended}";

    private static string Promised(ReplanRound round) => round.Planned is { } time && time.Float > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $" Its operators promised {time.Planned / time.Float:0.00}.")
        : "";

    private static string Written(FormChoice choice, bool takesBytes) => choice.Fastest switch
    {
        ModelForm.Float => "int8 is slower than float on this machine: what was written is the float model.",
        _ when choice.Ratio.Estimate > 1 => "int8 is slower than float on this machine: what was written is int8 all the same, as only it takes bytes.",
        ModelForm.Replanned => $"What was written is int8 as measured in round {choice.Round}, the fastest form on this machine.",
        _ => takesBytes ? "What was written is int8 as counted." : "What was written is int8 as counted, the fastest form on this machine.",
    };
}
