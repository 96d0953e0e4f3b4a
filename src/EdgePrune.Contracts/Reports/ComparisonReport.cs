using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>One model against another, measured in turn in one process.</summary>
public sealed record ComparisonReport
{
    /// <summary>Lower-case hexadecimal SHA-256 of the candidate's file.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Lower-case hexadecimal SHA-256 of the reference's file.</summary>
    public required string ReferenceSha256 { get; init; }
    /// <summary>How both were measured.</summary>
    public required ProfileSettings Settings { get; init; }
    /// <summary>When the comparison started, by the device's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Rounds; in each both models run twice, in the order A B B A.</summary>
    public required int Rounds { get; init; }
    /// <summary>Inferences of one block.</summary>
    public required int RunsPerBlock { get; init; }
    /// <summary>Latency of the candidate over that of the reference: below 1 the candidate is faster.</summary>
    public required BoundedRatio Ratio { get; init; }
    /// <summary>Median latency of the candidate over all blocks.</summary>
    [JsonPropertyName("modelP50Us"), JsonConverter(typeof(MicrosecondsConverter))]
    public required TimeSpan ModelP50 { get; init; }
    /// <summary>Median latency of the reference over all blocks.</summary>
    [JsonPropertyName("referenceP50Us"), JsonConverter(typeof(MicrosecondsConverter))]
    public required TimeSpan ReferenceP50 { get; init; }
    /// <summary>What follows from the interval.</summary>
    public required SpeedVerdict Verdict { get; init; }
    /// <summary>What the device was like while measuring.</summary>
    public required RunConditions Conditions { get; init; }
    /// <summary>Whether the run can be trusted.</summary>
    public required RunVerdict Validity { get; init; }
}

/// <summary>A ratio with the bounds of its two-sided interval.</summary>
/// <param name="Estimate">Median over the rounds.</param>
/// <param name="Lower">Lower bound, or null when there are too few rounds.</param>
/// <param name="Upper">Upper bound, or null when there are too few rounds.</param>
public sealed record BoundedRatio(double Estimate, double? Lower = null, double? Upper = null);

/// <summary>Which of two models is faster.</summary>
[JsonConverter(typeof(NameConverter<SpeedVerdict>))]
public enum SpeedVerdict
{
    /// <summary>The interval includes 1: the difference may be chance.</summary>
    CannotTell,
    /// <summary>The whole interval is below 1.</summary>
    Faster,
    /// <summary>The whole interval is above 1.</summary>
    Slower,
}
