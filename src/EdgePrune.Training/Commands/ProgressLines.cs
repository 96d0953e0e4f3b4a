using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>Writes every epoch and at most about two hundred lines of progress a phase, in the order of the steps.</summary>
internal sealed class ProgressLines(LineWriter lines) : IProgress<TrainingLine>
{
    private const int MostLines = 200;

    private string? _phase;

    public void Report(TrainingLine value)
    {
        if (value is not TrainingProgress step || IsDue(step))
        {
            lines.Write(value);
        }
    }

    private bool IsDue(TrainingProgress step)
    {
        var every = (step.Steps + MostLines - 1) / MostLines;
        var isNew = step.Phase != _phase;
        _phase = step.Phase;
        return isNew || step.Step % every == 0 || step.Step == step.Steps;
    }
}
