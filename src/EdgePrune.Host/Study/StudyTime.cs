using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How long an inference takes, measured in a process of its own while nothing else of the study ran.</summary>
/// <param name="P50">Median.</param>
/// <param name="Validity">Whether the run can be trusted.</param>
/// <param name="P95">95th percentile, or null when there were too few runs for it.</param>
public sealed record StudyTime(
    [property: JsonPropertyName("p50Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan P50,
    RunValidity Validity,
    [property: JsonPropertyName("p95Us"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan? P95 = null)
{
    internal static StudyTime Of(ProfileReport report) => new(report.Latency.P50.Estimate, report.Verdict.Validity, report.Latency.P95?.Estimate);
}
