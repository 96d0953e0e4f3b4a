using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>One round of planning int8 by measurements: what was promised, and what the whole gave; or why there was no new form.</summary>
public sealed record ReplanRound
{
    /// <summary>What the times of operators promised for the new form, or null when they say nothing.</summary>
    public PlannedTime? Planned { get; init; }

    /// <summary>The new form against float, measured in turn; null when there was none to measure.</summary>
    public ComparisonReport? Comparison { get; init; }

    /// <summary>Why no new form was planned, which ends the rounds; null otherwise.</summary>
    public string? Ended { get; init; }

    /// <summary>Latency of the new form over that of float, as measured; null when there was none.</summary>
    [JsonIgnore]
    public double? Ratio => Comparison?.Ratio.Estimate;
}
