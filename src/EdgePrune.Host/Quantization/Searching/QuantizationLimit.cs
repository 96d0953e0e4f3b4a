using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How much a quantized model's score may lose.</summary>
/// <param name="MaxLoss">Points that may be lost against the float model; 0 or more.</param>
/// <param name="Loss">Points that a candidate loses.</param>
public sealed record QuantizationLimit(double MaxLoss, Func<Model, CancellationToken, double> Loss)
{
    /// <summary>A limit by an evaluator.</summary>
    /// <param name="evaluator">Scores models.</param>
    /// <param name="original">The float model that may be lost against.</param>
    /// <param name="maxLoss">Points that may be lost.</param>
    /// <param name="cancellationToken">Stops the evaluation of the float model.</param>
    /// <returns>The limit.</returns>
    /// <exception cref="Contracts.EdgePruneException">The model cannot be scored.</exception>
    public static async Task<QuantizationLimit> ByAsync(IEvaluator evaluator, Model original, double maxLoss, CancellationToken cancellationToken)
    {
        var score = (await evaluator.EvaluateAsync(OnnxFile.ToBytes(original), cancellationToken).ConfigureAwait(false)).Score;
        return new QuantizationLimit(maxLoss, (candidate, token) => score - evaluator.EvaluateAsync(OnnxFile.ToBytes(candidate), token).GetAwaiter().GetResult().Score);
    }
}
