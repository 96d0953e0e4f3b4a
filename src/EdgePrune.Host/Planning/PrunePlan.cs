namespace EdgePrune.Host;

/// <summary>
/// Which channels to remove: pure data, readable, diffable, replayable. Applying a plan to the model it was made for
/// always gives the same bytes.
/// </summary>
public sealed record PrunePlan
{
    /// <summary>Format version of the plan. <value>Default: 1.</value></summary>
    public int Format { get; set; } = 1;
    /// <summary>Name of the graph, for people.</summary>
    public required string Model { get; init; }
    /// <summary>SHA-256 of the normalised model's bytes: a plan fits only the model it was made for.</summary>
    public required string ModelSha256 { get; init; }
    /// <summary>Name of the criterion that ranked the channels.</summary>
    public required string Criterion { get; init; }
    /// <summary>The rate asked for. Range: 0 to below 1.</summary>
    public required double Rate { get; init; }
    /// <summary>What the rate is a share of. <value>Default: the channels.</value></summary>
    public RateUnit RateOf { get; set; } = RateUnit.Channels;
    /// <summary>The share that really goes, which quanta and limits can keep from being the one asked for; null in plans that do not say.</summary>
    public double? Reached { get; init; }
    /// <summary>What channels competed with.</summary>
    public required PruningScope Scope { get; init; }
    /// <summary>The choices that the groups rest on. <value>Default: those of <see cref="GroupingOptions"/>.</value></summary>
    public GroupingOptions Grouping { get; set; } = new();
    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }
    /// <summary>Number format that the widths were rounded for and the model is meant to be brought into; null in plans that do not say.</summary>
    public Precision? Precision { get; init; }
    /// <summary>What decided how much each group gives. <value>Default: the scores.</value></summary>
    public RateAllocation Allocation { get; set; } = RateAllocation.Score;
    /// <summary>What the model costs before, by counting.</summary>
    public Footprint? Before { get; init; }
    /// <summary>What it costs after; its file size and latency are predictions.</summary>
    public Footprint? After { get; init; }
    /// <summary>The groups, in the model's order, those that lose nothing included.</summary>
    public required IReadOnlyList<GroupPlan> Groups { get; init; }
    /// <summary>What was tried to decide how much each group gives, the one that was taken included; null when nothing was tried.</summary>
    public IReadOnlyList<AllocationTrial>? Trials { get; init; }
    /// <summary>
    /// The plans of the steps, each in the channels of the model that the step before left, when the model is pruned and
    /// repaired several times; <see cref="Groups"/> then holds what all of them remove, in the original's channels. Null for one step.
    /// </summary>
    public IReadOnlyList<PrunePlan>? Steps { get; init; }
}

/// <summary>What one group loses.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Channels">Channels before.</param>
/// <param name="Quantum">The number its width was rounded to a multiple of.</param>
/// <param name="Remove">Channels to remove, ascending.</param>
/// <param name="LowestKept">Lowest score among the kept, or null when all go or none was scored.</param>
/// <param name="HighestRemoved">Highest score among the removed, or null when none goes.</param>
/// <param name="LowestScore">Lowest score of all channels, or null when none was scored.</param>
/// <param name="HighestScore">Highest score of all channels, or null when none was scored.</param>
/// <param name="ErrorShare">Predicted loss, for criteria whose scores are shares that compare; else null. Of the model's output where groups compete by <c>obs</c>, of the readers' where they do not.</param>
public sealed record GroupPlan(
    string Group,
    int Channels,
    int Quantum,
    IReadOnlyList<int> Remove,
    double? LowestKept = null,
    double? HighestRemoved = null,
    double? LowestScore = null,
    double? HighestScore = null,
    double? ErrorShare = null);
