namespace EdgePrune.Host;

/// <summary>What training-free repair did.</summary>
/// <param name="Kept">Whether the repaired model is better on held-out samples and was kept.</param>
/// <param name="ErrorBefore">Output error on held-out samples without repair: squared difference over the original's variance.</param>
/// <param name="ErrorAfter">The same with repair.</param>
/// <param name="Samples">Samples the statistics rest on.</param>
/// <param name="HeldOut">Samples the decision rests on.</param>
/// <param name="Consumers">Number of operators whose weights were adapted.</param>
public sealed record RecoveryReport(bool Kept, double ErrorBefore, double ErrorAfter, int Samples, int HeldOut, int Consumers)
{
    /// <summary>What was done to each operator, in the order in which they run; empty when the repair was not kept.</summary>
    public IReadOnlyList<LayerRepair> Layers { get; init; } = [];
}
