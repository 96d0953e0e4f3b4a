using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>What the verdict on a run is formed from.</summary>
public sealed record ValidityEvidence
{
    /// <summary>What the device was like.</summary>
    public required RunConditions Conditions { get; init; }
    /// <summary>How warm-up went.</summary>
    public required WarmupResult Warmup { get; init; }
    /// <summary>The windows.</summary>
    public required IReadOnlyList<WindowStatistics> Windows { get; init; }
    /// <summary>Managed bytes allocated for each inference.</summary>
    public required double ManagedBytesPerRun { get; init; }
    /// <summary>Energy and what is wrong with it.</summary>
    public EnergyOutcome Energy { get; init; } = EnergyOutcome.None;
}
