using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>What a search found, for people.</summary>
internal static class VerdictView
{
    /// <summary>The trial that is active on the device: a candidate, the original, or null when nothing ran.</summary>
    /// <param name="report">The report.</param>
    public static Trial? Active(TuningReport report) => report.PickedTrial ?? (report.Picked == report.Original.Index ? report.Original : null);

    /// <summary>Prints the verdict and the budget's limits against the picked model's figures.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="report">The report.</param>
    public static void Print(Screen screen, TuningReport report)
    {
        screen.Say();
        screen.Say(Sentence(report));
        if (Active(report) is { Checks.Count: > 0 } active)
        {
            screen.Show(Checks(active));
        }

        foreach (var (precision, reason) in report.LeftOut)
        {
            screen.Say($"{PrecisionTable.Of(precision).Name} was left out. {reason}");
        }
    }

    /// <summary>The figure of a limit with its unit.</summary>
    /// <param name="value">The figure in the unit, or null when it is unknown.</param>
    /// <param name="unit"><c>s</c>, <c>B</c>, <c>J</c> or <c>points</c>.</param>
    public static string Figure(double? value, string unit) => (value, unit) switch
    {
        (null, _) => "unknown",
        ({ } seconds, "s") when seconds is < 1e9 and > -1e9 => Durations.Print(TimeSpan.FromSeconds(seconds)),
        ({ } bytes, "B") when bytes is < 1e18 and > -1e18 => new ByteSize((long)bytes).ToString(),
        ({ } joules, "J") => new Energy(joules).ToString(),
        ({ } other, _) => string.Create(CultureInfo.InvariantCulture, $"{other:0.##} {unit}"),
    };

    private static string Sentence(TuningReport report)
    {
        var active = Active(report);
        var where = $"after {report.DeviceRuns} runs on {report.DeviceName} in {report.Seconds.ToString("0", CultureInfo.InvariantCulture)} s";
        return (active, active?.Status) switch
        {
            (null, _) => $"Nothing ran {where}: no candidate got past the limits the host can check. Look at the trials in the report.",
            ({ Index: 0 }, TrialStatus.MeetsBudget) => $"The original meets the budget as it is, {where}.",
            (_, TrialStatus.MeetsBudget) => $"Picked rate {Numbers.Rate(active!.Rate)}, {PrecisionTable.Of(active.Precision).Name}: {Numbers.Points(active.Score)} ({report.Metric}), {Numbers.Count(active.Parameters)} parameters, {active.FileSize}, {where}. It is active on the device.",
            ({ Failure: { } failure }, _) => $"No candidate was proven to meet the budget {where}. {failure} Then run again.",
            _ => $"No candidate meets the budget {where}. The nearest miss, active on the device: rate {Numbers.Rate(active!.Rate)}, {PrecisionTable.Of(active.Precision).Name}. Loosen the limit it breaks, or allow more runs with --max-runs.",
        };
    }

    private static Table Checks(Trial trial)
    {
        var table = new Table().AddColumns("Limit", "Allowed", "Measured", "Upper bound", "Met");
        foreach (var check in trial.Checks)
        {
            table.AddRow(check.Name, Figure(check.Limit, check.Unit), Figure(check.Estimate, check.Unit), Figure(check.UpperBound, check.Unit), check.Met ? "yes" : "no");
        }

        return table;
    }
}
