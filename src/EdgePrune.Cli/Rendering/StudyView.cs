using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>A study for people: the table, how many epochs the rates need, and what to know when reading.</summary>
internal static class StudyView
{
    /// <summary>Prints a study.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="report">The study.</param>
    public static void Print(Screen screen, StudyReport report)
    {
        screen.Say($"{report.Model}: {report.Metric}{(report.Options.Seeds.Count > 1 ? $", mean and standard deviation over {report.Options.Seeds.Count} seeds" : "")}");
        screen.Show(Table(report));
        foreach (var line in report.Epochs.SelectMany(EpochWords.Lines))
        {
            screen.Say(line);
        }

        foreach (var row in report.Rows.Where(r => r.Failure is not null))
        {
            screen.Say($"{row.Name}: {StudyWords.Failure(row)}");
        }

        foreach (var note in report.Notes)
        {
            screen.Say(note);
        }
    }

    private static Table Table(StudyReport report)
    {
        var table = new Table().AddColumns("Model", "Accuracy", "Time", "Size in MB", "Non-zero / parameters");
        foreach (var row in report.Rows)
        {
            table.AddRow(Markup.Escape(row.Name), StudyWords.Score(row), Time(row.Time), StudyWords.Megabytes(row.FileBytes), StudyWords.Counts(row));
        }

        return table;
    }

    private static string Time(StudyTime? time) => time is null
        ? ""
        : Durations.Print(time.P50) + (time.Validity == RunValidity.Valid ? "" : $" ({time.Validity.ToString().ToLowerInvariant()})");
}
