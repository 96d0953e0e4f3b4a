using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>The state of a run between two steps.</summary>
/// <param name="Identity">What it belongs to.</param>
/// <param name="Done">Steps that are done.</param>
/// <param name="LossSum">Sum of losses in the epoch at hand.</param>
/// <param name="Epochs">Epochs that were run to their end.</param>
/// <param name="Weights">Weights and what is kept with them, in the graph's order.</param>
/// <param name="Best">The best of them, or null.</param>
/// <param name="Optimizer">Moments, as the optimizer writes them.</param>
internal sealed record TrainingCheckpoint(
    RunIdentity Identity, int Done, double LossSum, IReadOnlyList<TrainingEpoch> Epochs, IReadOnlyList<NamedFloats> Weights, IReadOnlyList<NamedFloats>? Best, byte[] Optimizer);

/// <summary>The numbers of a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NamedFloats(string Name, float[] Values);
