using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>How a plan is made.</summary>
/// <param name="Rate">Share of the prunable channels to remove. Range: 0 to below 1.</param>
/// <param name="Scope">What channels compete with.</param>
/// <param name="MaxGroupRate">Largest share that one group may lose under a global ranking.</param>
/// <param name="Target">Channel counts are rounded to what this target likes, or null for no rounding.</param>
/// <param name="Precision">Precision the counts are rounded for.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record PlanOptions(double Rate, PruningScope Scope, double MaxGroupRate, Target? Target, Precision Precision, int Seed);
