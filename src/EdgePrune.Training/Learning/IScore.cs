using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>How good a model is on samples that it does not learn from.</summary>
internal interface IScore
{
    /// <summary>The score in percent, with the present weights and without gradients.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    double Of(TorchGraph graph, ISampleSource samples, CancellationToken cancellation);
}
