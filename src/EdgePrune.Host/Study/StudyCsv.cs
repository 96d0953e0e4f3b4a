using System.Globalization;

namespace EdgePrune.Host;

/// <summary>A study as CSV, one row a cell, for spreadsheets and notebooks.</summary>
public static class StudyCsv
{
    private const string Head = "method,rate,epochs,precision,seed,score,samples,file_bytes,compressed_bytes,parameters,non_zero,time_p50_us,time_p95_us,time_validity,model_sha256,note,error";

    /// <summary>Prints a study.</summary>
    /// <param name="report">The study.</param>
    /// <returns>The text, as RFC 4180 has it but with a line feed alone; equal studies give equal text.</returns>
    public static string Print(StudyReport report) => string.Join('\n', report.Cells.Select(Row).Prepend(Head)) + "\n";

    private static string Row(StudyCell cell)
    {
        var (figures, time) = (cell.Figures, cell.Time);
        object?[] fields =
        [
            cell.Case.Method.ToString().ToLowerInvariant(), cell.Case.Rate, cell.Case.Epochs, PrecisionTable.Of(cell.Case.Precision).Name, cell.Case.Seed,
            figures?.Score, figures?.Samples, figures?.FileBytes, figures?.CompressedBytes, figures?.Parameters, figures?.NonZero,
            time?.P50.TotalMicroseconds, time?.P95?.TotalMicroseconds, time?.Validity.ToString().ToLowerInvariant(), figures?.ModelSha256, figures?.Note, cell.Failure?.Message,
        ];
        return string.Join(',', fields.Select(f => Quote(Convert.ToString(f, CultureInfo.InvariantCulture) ?? "")));
    }

    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
