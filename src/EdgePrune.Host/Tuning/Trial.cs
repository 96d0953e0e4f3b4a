using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How a trial ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialStatus>))]
public enum TrialStatus
{
    /// <summary>It meets the whole budget by upper confidence bound.</summary>
    MeetsBudget,
    /// <summary>It was measured and breaks the budget.</summary>
    BreaksBudget,
    /// <summary>It breaks the budget by figures the host knows, such as file size or accuracy, so it was not sent to the device.</summary>
    RefusedByHost,
    /// <summary>The device refused it or could not measure it.</summary>
    FailedOnDevice,
}

/// <summary>One candidate and its measurements.</summary>
public sealed record Trial
{
    /// <summary>Number of the trial, from 0 for the original.</summary>
    public required int Index { get; init; }
    /// <summary>Share of channels removed, as asked for. Range: 0 to 1.</summary>
    public required double Rate { get; init; }
    /// <summary>Precision of the candidate.</summary>
    public required Precision Precision { get; init; }
    /// <summary>Channels left in each group, in the groups' order.</summary>
    public required IReadOnlyList<GroupWidth> Widths { get; init; }
    /// <summary>Float parameters of the model before quantization.</summary>
    public required long Parameters { get; init; }
    /// <summary>Multiply-accumulate operations of one inference.</summary>
    public required long Macs { get; init; }
    /// <summary>SHA-256 of the candidate's file.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Size of the candidate's file.</summary>
    [JsonPropertyName("fileBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize FileSize { get; init; }
    /// <summary>Score on the evaluation samples, in points.</summary>
    public required double Score { get; init; }
    /// <summary>The budget's limits against the candidate's figures.</summary>
    public required IReadOnlyList<BudgetCheck> Checks { get; init; }
    /// <summary>How it ended.</summary>
    public required TrialStatus Status { get; init; }
    /// <summary>What the device measured, or null when it was not sent.</summary>
    public ProfileReport? Profile { get; init; }
    /// <summary>Why the device failed it, or null.</summary>
    public string? Failure { get; init; }
}

/// <summary>Channels of one group.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Before">Channels of the original.</param>
/// <param name="After">Channels left.</param>
public sealed record GroupWidth(string Group, int Before, int After);

/// <summary>One limit of the budget against a candidate's figure.</summary>
/// <param name="Name"><c>latencyP95</c>, <c>peakMemory</c>, <c>fileSize</c>, <c>energyPerInference</c> or <c>accuracyLoss</c>.</param>
/// <param name="Unit"><c>s</c>, <c>B</c>, <c>J</c> or <c>points</c>.</param>
/// <param name="Limit">The limit, absolute.</param>
/// <param name="Estimate">The figure, or null when it could not be measured.</param>
/// <param name="UpperBound">Its upper confidence bound, which must be within the limit; null when there is none.</param>
/// <param name="Met">Whether the upper bound is within the limit.</param>
public sealed record BudgetCheck(
    string Name,
    string Unit,
    double Limit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Estimate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? UpperBound,
    bool Met);
