namespace EdgePrune.Cli;

/// <summary>How good a model is, for machines.</summary>
/// <param name="Metric">What the score is.</param>
/// <param name="Score">Points; higher is better.</param>
/// <param name="Samples">Samples it rests on, 0 when unknown.</param>
/// <param name="Details">Other figures.</param>
internal sealed record EvaluateResult(string Metric, double Score, int Samples, IReadOnlyDictionary<string, double> Details);
