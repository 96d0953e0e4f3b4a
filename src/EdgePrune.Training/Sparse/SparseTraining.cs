using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>What training with pruning gave.</summary>
/// <param name="Model">The trained model, smaller where channels went.</param>
/// <param name="Summary">How training ended.</param>
/// <param name="Mask">Weights that are zero, for gradual masks; else null.</param>
/// <param name="Removal">The removal of channels with plan, proof and widths, or null when none went.</param>
public sealed record SparseTraining(Model Model, TrainingFinished Summary, SparsityMask? Mask, CompressionResult? Removal);
