using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>A model before and after training, on samples that were not learnt from.</summary>
/// <param name="Metric">What is scored.</param>
/// <param name="Samples">Samples it rests on.</param>
/// <param name="Before">Score before, in points.</param>
/// <param name="After">Score after, in points.</param>
internal sealed record TrainedScore(string Metric, int Samples, double Before, double After)
{
    /// <summary>Scores two models on the part of a folder for tests; null when the data has no such part, or nothing to score by.</summary>
    /// <param name="samples">What was learnt from.</param>
    /// <param name="teacher">The model that was learnt from, for samples without labels; or null.</param>
    /// <param name="before">The model before.</param>
    /// <param name="after">The model after.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="EdgePruneException">A model or the samples cannot be used.</exception>
    public static async Task<TrainedScore?> MeasureAsync(SampleReference samples, ReadOnlyMemory<byte>? teacher, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, CancellationToken cancellationToken)
    {
        if (!SampleSources.AreSplit(samples.Data))
        {
            return null;
        }

        var test = (samples with { Split = SampleSplit.Test, Labels = null }).Open();
        IEvaluator? evaluator = test.Labels is not null ? new LabelEvaluator(test) : teacher is { } original ? new AgreementEvaluator(original, test) : null;
        using var disposable = evaluator as IDisposable;
        return evaluator is null ? null : new TrainedScore(
            evaluator.Metric,
            test.Count,
            (await evaluator.EvaluateAsync(before, cancellationToken).ConfigureAwait(false)).Score,
            (await evaluator.EvaluateAsync(after, cancellationToken).ConfigureAwait(false)).Score);
    }
}
