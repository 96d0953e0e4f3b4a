using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary>A bench for people.</summary>
internal static class BenchView
{
    /// <summary>Prints the table, then why runs are not valid, what failed, and notes.</summary>
    public static void Print(Screen screen, BenchReport report)
    {
        var hasRate = report.Rules == BenchRules.MlperfTiny.Name;
        var table = new Table().AddColumns("Model", "Settings", "Place", "p50", "p95", "Peak memory", "File", "Run", hasRate ? "By the rules" : "Ratio to the first");
        foreach (var row in report.Rows.Where(r => r.Report is not null))
        {
            var figures = row.Report!;
            string[] cells =
            [
                row.Model, BenchWords.Settings(row.Settings), row.Place, BenchWords.Bounded(figures.Latency.P50), BenchWords.Bounded(figures.Latency.P95),
                figures.Memory.PeakResident.ToString(), figures.FileSize.ToString(), BenchWords.Verdict(figures.Verdict), hasRate ? BenchWords.Rate(row) : BenchWords.Ratio(row),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        screen.Show(table);
        screen.Say();
        foreach (var line in Lines(report))
        {
            screen.Say(line);
        }
    }

    private static IEnumerable<string> Lines(BenchReport report) =>
    [
        .. from row in report.Rows
           from reason in row.Report?.Verdict.Reasons ?? []
           select $"{Name(row)}: {reason}",
        .. report.Rows.Where(r => r.Error is not null).Select(r => $"{Name(r)}: {r.Error}"),
        .. report.Notes,
    ];

    private static string Name(BenchRow row) => $"{row.Model}, {BenchWords.Settings(row.Settings)}, {row.Place}";
}
