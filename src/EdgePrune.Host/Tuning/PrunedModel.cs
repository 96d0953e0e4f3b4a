using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A pruned and repaired model before it is quantized.</summary>
/// <param name="Model">The model.</param>
/// <param name="Plan">What was removed, in the original's channels.</param>
/// <param name="Proof">The proof of the removal.</param>
/// <param name="Recovery">What repair did, or null.</param>
internal sealed record PrunedModel(Model Model, PrunePlan Plan, RemovalProof Proof, RecoveryReport? Recovery);
