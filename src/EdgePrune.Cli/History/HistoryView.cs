using System.Globalization;
using EdgePrune.Contracts;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>Kept measurements for people.</summary>
internal static class HistoryView
{
    /// <summary>Prints a list.</summary>
    public static void Print(Screen screen, IReadOnlyList<RunSummary> runs)
    {
        if (runs.Count == 0)
        {
            screen.Say("No such measurement is kept. 'edgeprune profile' keeps those of this machine, a hub those of its devices.");
            return;
        }

        var table = new Table().AddColumns("Id", "Measured (UTC)", "Device", "Model", "Settings", "p50", "p95", "Run");
        foreach (var run in runs)
        {
            string[] cells =
            [
                RunFinder.Short(run.Id), Moment(run.StartedAt), run.Device,
                ModelOf(run), BenchWords.Settings(run.Settings), ProfileView.Bounded(run.P50), ProfileView.Bounded(run.P95), run.Validity.ToString().ToLowerInvariant(),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        screen.Show(table);
    }

    /// <summary>Prints a comparison.</summary>
    public static void Print(Screen screen, NamedReport before, NamedReport after, BoundedRatio ratio)
    {
        var table = new Table().AddColumns("", "Model", "Measured (UTC)", "p50", "Run", "Fingerprint");
        foreach (var (place, run) in new[] { ("before", before), ("after", after) })
        {
            string[] cells =
            [
                $"{place}: {run.Name}", ProfileView.Short(run.Report.ModelSha256), Moment(run.Report.StartedAt),
                ProfileView.Bounded(run.Report.Latency.P50), BenchWords.Verdict(run.Report.Verdict), ProfileView.Short(run.Report.Conditions.Fingerprint),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        screen.Show(table);
        screen.Say();
        screen.Say(ComparisonView.Sentence(ratio, "later", "earlier"));
        if (before.Report.Conditions.Fingerprint != after.Report.Conditions.Fingerprint)
        {
            screen.Say("The fingerprints differ, and so may have what is not the model.");
        }
    }

    /// <summary>A moment in universal time, to the second.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Name of a model with the beginning of its digest, since names stay and bytes change.</summary>
    public static string ModelOf(RunSummary run) => run.ModelName is { } name ? $"{name} ({ProfileView.Short(run.ModelSha256)})" : ProfileView.Short(run.ModelSha256);
}
