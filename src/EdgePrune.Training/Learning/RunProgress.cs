using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Tells of every step of a run, with the time left at the pace so far.</summary>
/// <param name="task">Whom to tell, and what it is called.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
/// <param name="steps">All steps.</param>
/// <param name="first">Steps that were done before.</param>
internal sealed class RunProgress(TrainingTask task, int stepsPerEpoch, int steps, int first)
{
    private readonly long _start = task.Clock.GetTimestamp();

    public void Step(int done, double loss, double learningRate)
    {
        var pace = task.Clock.GetElapsedTime(_start).TotalSeconds / (done - first);
        task.Progress?.Report(new TrainingProgress(
            task.Phase, ((done - 1) / stepsPerEpoch) + 1, task.Options.Epochs, done, steps, loss, learningRate, Math.Round(pace * (steps - done), 1)));
    }
}
