using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Profiler;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Comparisons and sweeps for people.</summary>
internal static class ComparisonView
{
    /// <summary>Prints which of two models is faster.</summary>
    public static void Print(Screen screen, ComparisonReport report)
    {
        var table = new Table().AddColumns("Figure", "Value");
        table.AddRow("model p50", Durations.Print(report.ModelP50));
        table.AddRow("reference p50", Durations.Print(report.ReferenceP50));
        table.AddRow("ratio", Ratio(report.Ratio));
        table.AddRow("rounds", string.Create(CultureInfo.InvariantCulture, $"{report.Rounds} of A B B A, {report.RunsPerBlock} inferences a block"));
        table.AddRow("fingerprint", ProfileView.Short(report.Conditions.Fingerprint));
        screen.Show(table);
        screen.Say();
        screen.Say(Words(report.Verdict, report.Ratio, "model", "reference"));
        ProfileView.PrintVerdict(screen, report.Validity);
    }

    /// <summary>Prints how a report compares with an earlier one.</summary>
    public static void PrintBaseline(Screen screen, BoundedRatio ratio)
    {
        screen.Say();
        screen.Say(Sentence(ratio, "model", "baseline"));
    }

    /// <summary>The ratio of two medians with its interval, and what follows from it.</summary>
    /// <param name="ratio">The first over the second.</param>
    /// <param name="one">What the first is.</param>
    /// <param name="other">What the second is.</param>
    public static string Sentence(BoundedRatio ratio, string one, string other) =>
        $"Ratio to the {other}: {Ratio(ratio)}. {Words(PairedRatio.Judge(ratio), ratio, one, other)}";

    /// <summary>Prints the trials of a sweep and the line of the target file.</summary>
    public static void Print(Screen screen, SweepReport report)
    {
        var table = new Table().AddColumns("Trial", "Settings", "p50", "p95", "Peak memory", "Net energy", "Run");
        for (var i = 0; i < report.Trials.Count; i++)
        {
            var trial = report.Trials[i];
            table.AddRow(
                $"{i + 1}{(i == report.Best ? " *" : "")}",
                Settings(trial.Settings),
                Markup.Escape(ProfileView.Bounded(trial.Latency.P50)),
                Markup.Escape(ProfileView.Bounded(trial.Latency.P95)),
                trial.Memory.PeakResident.ToString(),
                trial.Energy?.Net?.ToString() ?? "unknown",
                trial.Verdict.Validity.ToString().ToLowerInvariant());
        }

        screen.Show(table);
        screen.Say();
        screen.Say(report.Best is { } best ? $"Best: trial {best + 1}, {Settings(report.Trials[best].Settings)}. {report.Reason}" : report.Reason);
        if (report.Best is { } place)
        {
            screen.Say(string.Create(CultureInfo.InvariantCulture, $"Line for the target file:  \"threads\": {report.Trials[place].Settings.Threads},"));
        }
    }

    private static string Settings(ProfileSettings settings)
    {
        List<string> words = [string.Create(CultureInfo.InvariantCulture, $"{settings.Threads} thread(s)")];
        words.AddRange(new[]
        {
            (settings.Spinning, "spinning"), (!settings.MemoryArena, "no arena"), (!settings.MemoryPattern, "no memory pattern"),
            (!settings.Prepacking, "no prepacking"), (settings.DenormalsAsZero, "denormals as zero"),
        }.Where(w => w.Item1).Select(w => w.Item2));
        return string.Join(", ", words);
    }

    private static string Words(SpeedVerdict verdict, BoundedRatio ratio, string one, string other) => verdict switch
    {
        SpeedVerdict.Faster => string.Create(CultureInfo.InvariantCulture, $"The {one} is faster than the {other}, by {100 * (1 - ratio.Estimate):0.0} %."),
        SpeedVerdict.Slower => string.Create(CultureInfo.InvariantCulture, $"The {one} is slower than the {other}, by {100 * (ratio.Estimate - 1):0.0} %."),
        _ => "Cannot tell which is faster: the interval includes 1. Measure longer windows for a narrower one.",
    };

    private static string Ratio(BoundedRatio ratio) => ratio is { Lower: { } lower, Upper: { } upper }
        ? string.Create(CultureInfo.InvariantCulture, $"{ratio.Estimate:0.0000} ({lower:0.0000} to {upper:0.0000})")
        : string.Create(CultureInfo.InvariantCulture, $"{ratio.Estimate:0.0000} (too few rounds for an interval)");
}
