namespace EdgePrune.Training;

/// <summary>Turns progress into at most about two hundred lines, in the order of the steps.</summary>
internal sealed class ProgressLines(LineWriter lines) : IProgress<FineTuneProgress>
{
    private const int MostLines = 200;

    public void Report(FineTuneProgress value)
    {
        var every = (value.Steps + MostLines - 1) / MostLines;
        if (value.Step % every == 0 || value.Step == 1 || value.Step == value.Steps)
        {
            lines.Write(new ProgressLine(value.Epoch, value.Epochs, value.Step, value.Steps, value.Loss, value.LearningRate));
        }
    }
}
