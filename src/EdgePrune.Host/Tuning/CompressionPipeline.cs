using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Steps 2 to 8 of the flow: normalize, group, score, plan, prune, recover, quantize.</summary>
public static class CompressionPipeline
{
    /// <summary>Compresses a model; the given one is not changed.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration, or null for data-free pruning.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The compressed model with plan, proof and reports.</returns>
    /// <exception cref="Contracts.EdgePruneException">The model, the samples or the options cannot be used.</exception>
    public static Task<CompressionResult> RunAsync(Model model, ISampleSource? samples, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Built with the pruning engine.");
}
