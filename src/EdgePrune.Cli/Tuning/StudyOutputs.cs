using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>The files of a study: a page for people, a table for spreadsheets, JSON for tools.</summary>
internal static class StudyOutputs
{
    /// <summary>Writes the files; those of an earlier run are replaced.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="report">The study.</param>
    public static void Write(string folder, StudyReport report)
    {
        WholeFile.Write(Path.Combine(folder, "study.json"), StudyFile.Print(report));
        WholeFile.Write(Path.Combine(folder, "study.csv"), StudyCsv.Print(report));
        WholeFile.Write(Path.Combine(folder, "study.html"), StudyHtml.Render(report));
    }
}
