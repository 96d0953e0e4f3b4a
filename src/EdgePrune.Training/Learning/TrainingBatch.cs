using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The samples of one step, or a part of them where the model takes one at a time.</summary>
/// <param name="Feeds">A tensor for each input, by name.</param>
/// <param name="Samples">Number of each sample in the source, in the order of the batch.</param>
internal sealed record TrainingBatch(IReadOnlyDictionary<string, Tensor> Feeds, IReadOnlyList<int> Samples)
{
    /// <summary>Where the numbers of <see cref="Samples"/> count, with what augmentation makes of them in this epoch; null where an objective has no use for it.</summary>
    public ISampleSource? Source { get; init; }
}
