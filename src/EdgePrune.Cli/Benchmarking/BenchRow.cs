using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A row of a bench: one cell.</summary>
internal sealed record BenchRow
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>Lower-case hexadecimal SHA-256 of the model file.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Where it was measured.</summary>
    public required string Place { get; init; }
    /// <summary>How it was measured.</summary>
    public required ProfileSettings Settings { get; init; }
    /// <summary>What was measured, or null when it failed; of several runs the one in the middle, with the worst verdict.</summary>
    public ProfileReport? Report { get; init; }
    /// <summary>Median over that of the first model at the same settings and place: below 1 is faster; null when they do not compare.</summary>
    public BoundedRatio? Ratio { get; init; }
    /// <summary>Why there is no ratio, or null.</summary>
    public string? NotCompared { get; init; }
    /// <summary>Inferences in a second by the rules, or null where they have no such figure.</summary>
    public double? InferencesPerSecond { get; init; }
    /// <summary>What of the rules was not met, or null.</summary>
    public string? RulesNotMet { get; init; }
    /// <summary>Number of the error, or null.</summary>
    public int? ErrorCode { get; init; }
    /// <summary>The error, with its number in front, or null.</summary>
    public string? Error { get; init; }
}
