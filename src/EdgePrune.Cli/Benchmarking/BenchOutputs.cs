using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>The files of a bench: a page for people, a table for spreadsheets, JSON for tools.</summary>
internal static class BenchOutputs
{
    /// <summary>Writes the files; those of an earlier run are replaced.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="report">The bench.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.CannotWrite"/>.</exception>
    public static void Write(string folder, BenchReport report)
    {
        WholeFile.Write(Path.Combine(folder, "bench.json"), JsonSerializer.Serialize(report, BenchJson.Default.BenchReport) + "\n");
        WholeFile.Write(Path.Combine(folder, "bench.csv"), BenchCsv.Print(report));
        WholeFile.Write(Path.Combine(folder, "bench.html"), BenchHtml.Render(report));
    }
}
