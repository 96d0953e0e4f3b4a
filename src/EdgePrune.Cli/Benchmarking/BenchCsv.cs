using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A bench as CSV, one row a cell, for spreadsheets and notebooks. What was not measured is empty.</summary>
internal static class BenchCsv
{
    private const string Head =
        "model,model_sha256,place,threads,spinning,rules,runs,p50_us,p50_lower_us,p50_upper_us,p90_us,p90_lower_us,p90_upper_us,p95_us,p95_lower_us,p95_upper_us,"
        + "p99_us,p99_lower_us,p99_upper_us,peak_bytes,net_joules,gross_joules,file_bytes,validity,reasons,ratio,ratio_lower,ratio_upper,not_compared,"
        + "inferences_per_second,rules_not_met,fingerprint,error_code,error";

    /// <summary>Prints a bench.</summary>
    /// <param name="report">The bench.</param>
    /// <returns>The text, as RFC 4180 has it but with a line feed alone.</returns>
    public static string Print(BenchReport report) => string.Join('\n', report.Rows.Select(r => Row(report.Rules, r)).Prepend(Head)) + "\n";

    private static string Row(string rules, BenchRow row)
    {
        var (report, latency) = (row.Report, row.Report?.Latency);
        object?[] fields =
        [
            row.Model, row.ModelSha256, row.Place, row.Settings.Threads, row.Settings.Spinning ? "on" : "off", rules, latency?.Count,
            .. Time(latency?.P50), .. Time(latency?.P90), .. Time(latency?.P95), .. Time(latency?.P99),
            report?.Memory.PeakResident.Bytes, report?.Energy?.Net?.Joules, report?.Energy?.Gross.Joules, report?.FileSize.Bytes,
            report is null ? null : BenchWords.Verdict(report.Verdict), report is null ? null : string.Join(' ', report.Verdict.Reasons),
            row.Ratio?.Estimate, row.Ratio?.Lower, row.Ratio?.Upper, row.NotCompared,
            row.InferencesPerSecond, row.RulesNotMet, report?.Conditions.Fingerprint, row.ErrorCode, row.Error,
        ];
        return string.Join(',', fields.Select(f => Quote(Convert.ToString(f, CultureInfo.InvariantCulture) ?? "")));
    }

    private static object?[] Time(BoundedTime? time) => [time?.Estimate.TotalMicroseconds, time?.Lower?.TotalMicroseconds, time?.Upper?.TotalMicroseconds];

    private static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
