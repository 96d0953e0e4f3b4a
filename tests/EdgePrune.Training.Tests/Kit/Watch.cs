using EdgePrune.Host;

namespace EdgePrune.Training.Tests;

/// <summary>Sees what is reported, at once and in order.</summary>
internal sealed class Watch(Action<TrainingLine> see) : IProgress<TrainingLine>
{
    public void Report(TrainingLine value) => see(value);

    /// <summary>Cancels after a step.</summary>
    public static Watch CancelAt(int step, CancellationTokenSource stop) => new(line =>
    {
        if (line is TrainingProgress progress && progress.Step == step)
        {
            stop.Cancel();
        }
    });
}
