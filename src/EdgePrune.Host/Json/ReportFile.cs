using System.Text.Json;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Reads and writes tuning reports as JSON.</summary>
public static class ReportFile
{
    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The JSON; equal reports give equal text.</returns>
    public static string Print(TuningReport report) => JsonSerializer.Serialize(report, HostJson.Default.TuningReport) + "\n";

    /// <summary>Reads a report.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the text is no report.</exception>
    public static TuningReport Parse(string json, string source = "report")
    {
        try
        {
            var report = JsonSerializer.Deserialize(json, HostJson.Default.TuningReport) ?? throw new JsonException("It is null.");
            return report with { Pins = report.Pins ?? [] };
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.InvalidOption, $"'{source}' is no tuning report: {e.Message} Make one with 'edgeprune tune'.", e);
        }
    }
}
