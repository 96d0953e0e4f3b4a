using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>The energy of a run and what is wrong with it.</summary>
/// <param name="Use">The energy, or null when it must not be used.</param>
/// <param name="Reasons">Why it is missing or doubtful, one sentence each; empty when nothing is wrong.</param>
public sealed record EnergyOutcome(EnergyUse? Use, IReadOnlyList<string> Reasons)
{
    /// <summary>There is no power source, which is no fault.</summary>
    public static EnergyOutcome None { get; } = new(null, []);
}
