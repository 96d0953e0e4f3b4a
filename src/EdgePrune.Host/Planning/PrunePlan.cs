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
    /// <summary>What channels competed with.</summary>
    public required PruningScope Scope { get; init; }
    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }
    /// <summary>The groups, in the model's order, those that lose nothing included.</summary>
    public required IReadOnlyList<GroupPlan> Groups { get; init; }
}

/// <summary>What one group loses.</summary>
/// <param name="Group">Name of the group.</param>
/// <param name="Channels">Channels before.</param>
/// <param name="Quantum">The number its width was rounded to a multiple of.</param>
/// <param name="Remove">Channels to remove, ascending.</param>
/// <param name="LowestKept">Lowest score among the kept, or null when all go or none was scored.</param>
/// <param name="HighestRemoved">Highest score among the removed, or null when none goes.</param>
public sealed record GroupPlan(string Group, int Channels, int Quantum, IReadOnlyList<int> Remove, double? LowestKept = null, double? HighestRemoved = null);
