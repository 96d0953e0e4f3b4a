using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Reads and writes studies as JSON.</summary>
public static class StudyFile
{
    private const int MaxBytes = 64 << 20;

    /// <summary>Writes a study.</summary>
    /// <param name="report">The study.</param>
    /// <returns>The JSON; equal studies give equal text.</returns>
    public static string Print(StudyReport report) => JsonSerializer.Serialize(report, HostJson.Default.StudyReport) + "\n";

    /// <summary>Reads a study.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <returns>The study.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the text is no study.</exception>
    public static StudyReport Parse(string json, string source = "study")
    {
        try
        {
            var report = JsonSerializer.Deserialize(json, HostJson.Default.StudyReport) ?? throw new JsonException("It is null.");
            return Fault(report) is { } fault ? throw new JsonException(fault) : report;
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{source}' is no study: {e.Message} Make one with 'edgeprune study'.", e);
        }
    }

    /// <summary>Reads a study from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The study.</returns>
    /// <exception cref="InputException">The file is missing, too large or no study.</exception>
    public static StudyReport Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new InputException(ErrorCode.FileNotFound, $"The study '{path}' does not exist. Make one with 'edgeprune study', or correct the path.");
        }

        return file.Length > MaxBytes
            ? throw new InputException(ErrorCode.InvalidOption, $"'{path}' has {file.Length} bytes and is no study; a study has at most {MaxBytes}.")
            : Parse(File.ReadAllText(path), path);
    }

    // The reader lets null stand where lists hold records.
    private static string? Fault(StudyReport report) => report switch
    {
        { Format: not 1 } => $"Its format is {report.Format}, and this version reads format 1.",
        _ when report.Rows.Any(r => r is null) || report.Cells.Any(c => c?.Case is null) || report.Epochs.Any(c => c?.Needs is null || c.Needs.Any(n => n is null)) || report.Notes is null => "A row, a cell or a curve is missing.",
        _ => null,
    };
}
