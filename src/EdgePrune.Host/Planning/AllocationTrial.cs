namespace EdgePrune.Host;

/// <summary>One way to share a rate out among groups, carried out and repaired.</summary>
/// <param name="Name">What decided how much each group gives.</param>
/// <param name="Reached">The share that went of what the rate is of.</param>
/// <param name="Error">Squared difference of the outputs over the squares of the original's, after repair, on samples that the repair has not seen.</param>
/// <param name="IsTaken">Whether this one was taken.</param>
public sealed record AllocationTrial(string Name, double Reached, double Error, bool IsTaken);
