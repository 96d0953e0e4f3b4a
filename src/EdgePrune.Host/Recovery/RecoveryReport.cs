namespace EdgePrune.Host;

/// <summary>What training-free repair did.</summary>
/// <param name="Kept">Whether the repaired model is better on held-out samples and was kept.</param>
/// <param name="ErrorBefore">Output error without repair on held-out samples, or on noise when there are none: squared difference over the original's energy.</param>
/// <param name="ErrorAfter">The same with repair.</param>
/// <param name="Samples">Samples the statistics rest on; 0 when they were guessed from the weights.</param>
/// <param name="HeldOut">Samples the decision rests on.</param>
/// <param name="Consumers">Number of operators whose weights were adapted.</param>
public sealed record RecoveryReport(bool Kept, double ErrorBefore, double ErrorAfter, int Samples, int HeldOut, int Consumers)
{
    /// <summary>What was done to each operator, in the order in which they run; empty when the repair was not kept.</summary>
    public IReadOnlyList<LayerRepair> Layers { get; init; } = [];
}
