using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A pruned and repaired model before it is quantized.</summary>
/// <param name="Model">The model.</param>
/// <param name="Plan">What was removed, in the original's channels.</param>
/// <param name="Proof">The proof of the removal.</param>
/// <param name="Recovery">What repair did, or null.</param>
internal sealed record PrunedModel(Model Model, PrunePlan Plan, RemovalProof Proof, RecoveryReport? Recovery)
{
    /// <summary>What training did after each repair; empty when nothing was trained.</summary>
    public IReadOnlyList<TrainingReport> Training { get; init; } = [];
    /// <summary>How far it went within the limit of accuracy, or null without one.</summary>
    public LossLimit? Limit { get; init; }
}
