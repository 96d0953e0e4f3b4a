using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Reads a report that <c>profile --json</c> wrote.</summary>
internal static class ProfileReportFile
{
    /// <summary>Parses a report.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="path">Its name, for the error.</param>
    /// <exception cref="InputException">It is no report.</exception>
    public static ProfileReport Parse(byte[] json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractsJson.Default.ProfileReport) is { Latency.P50: not null, Conditions.Fingerprint: not null, Verdict.Reasons: not null } report
                && report.Latency.P50.Estimate > TimeSpan.Zero
                ? report
                : throw new JsonException("It lacks its median, its conditions or its verdict.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{path}' is no report: {e.Message} Make one with 'edgeprune profile model.onnx --json'.", e);
        }
    }
}
