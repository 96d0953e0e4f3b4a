using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>One thing that the training process can be asked for. A new one is a class and a line in <see cref="TrainingVerbs"/>.</summary>
internal interface ITrainingVerb
{
    /// <summary>Carries a request out and writes its output, whatever way training ended.</summary>
    /// <param name="request">A request of the verb's kind.</param>
    /// <param name="progress">Told of steps and epochs; it may be told of every step.</param>
    /// <param name="cancellation">Stops after the present step.</param>
    /// <returns>How it ended; the file in it is the request's.</returns>
    /// <exception cref="Contracts.EdgePruneException">Nothing was written.</exception>
    TrainingFinished Run(TrainingRequest request, IProgress<TrainingLine> progress, CancellationToken cancellation);
}
