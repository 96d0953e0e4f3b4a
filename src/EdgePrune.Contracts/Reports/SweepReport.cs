namespace EdgePrune.Contracts;

/// <summary>One model measured under several session settings.</summary>
public sealed record SweepReport
{
    /// <summary>One report for each setting, in the order they were measured.</summary>
    public required IReadOnlyList<ProfileReport> Trials { get; init; }
    /// <summary>Place of the best in <see cref="Trials"/>, from 0, or null when no trial was valid enough to be picked.</summary>
    public int? Best { get; init; }
    /// <summary>Why it is the best, one sentence.</summary>
    public required string Reason { get; init; }
}
