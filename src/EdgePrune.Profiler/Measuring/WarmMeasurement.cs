using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>What one session gave, from loading to the last window.</summary>
internal sealed record WarmMeasurement
{
    public required ColdStart Cold { get; init; }
    public required WarmupResult Warmup { get; init; }
    public required IReadOnlyList<MeasuredWindow> Windows { get; init; }
    public required EnergyOutcome Energy { get; init; }
    public required Throughput? Throughput { get; init; }
    public required MemoryUse Memory { get; init; }
    public required ConditionSnapshot Before { get; init; }
    public required ConditionSnapshot After { get; init; }
}
