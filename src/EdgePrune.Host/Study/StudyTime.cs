using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How long an inference takes, measured in a process of its own while nothing else of the study ran.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile, or null when there were too few runs for it.</param>
/// <param name="Validity">Whether the run can be trusted.</param>
public sealed record StudyTime(
    [property: JsonPropertyName("p50Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan P50,
    [property: JsonPropertyName("p95Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan? P95,
    RunValidity Validity)
{
    internal static StudyTime Of(ProfileReport report) => new(report.Latency.P50.Estimate, report.Latency.P95?.Estimate, report.Verdict.Validity);
}
