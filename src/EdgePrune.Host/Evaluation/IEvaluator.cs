namespace EdgePrune.Host;

/// <summary>Says how good a model is; higher is better. Implementations keep whatever they compare against.</summary>
public interface IEvaluator
{
    /// <summary>What the score is, such as <c>top-1 accuracy, percent</c>.</summary>
    string Metric { get; }

    /// <summary>Scores a model.</summary>
    /// <param name="model">The bytes of the <c>.onnx</c> file.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <returns>The score in points (percent), 0 to 100 for the built-in evaluators.</returns>
    /// <exception cref="Contracts.EdgePruneException">The model or the samples cannot be used.</exception>
    Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken);
}

/// <summary>How good a model is.</summary>
/// <param name="Score">Points (percent); higher is better.</param>
/// <param name="Samples">Number of samples it rests on; 0 when the evaluator does not say.</param>
/// <param name="Details">Other figures by name, such as <c>top5</c> or <c>klDivergence</c>.</param>
public sealed record Evaluation(double Score, int Samples, IReadOnlyDictionary<string, double> Details)
{
    /// <summary>Whether each decision was right, in the samples' order, so that two models can be compared sample by sample; null when the evaluator does not say.</summary>
    public IReadOnlyList<bool>? Outcomes { get; init; }
}
