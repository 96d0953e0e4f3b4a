using System.Globalization;

namespace EdgePrune.Host;

/// <summary>Turns what training reports into steps in words, few enough that a log stays readable.</summary>
/// <param name="steps">Where the words go.</param>
/// <param name="parts">Steps of a phase that are told of, at most. <value>Default: 10.</value></param>
public sealed class TrainingSteps(IProgress<string> steps, int parts = 10) : IProgress<TrainingLine>
{
    private (string Phase, int Part) _last = ("", -1);

    /// <inheritdoc/>
    public void Report(TrainingLine value)
    {
        switch (value)
        {
            case TrainingEpoch epoch:
                var score = epoch.Score is { } points ? $", score {Text("0.00", points)} % on the validation samples" : "";
                steps.Report($"epoch {epoch.Epoch} done, mean loss {Text("0.####", epoch.Loss)}{score}");
                break;
            case TrainingProgress { Steps: > 0 } at when (at.Phase, (int)((long)parts * at.Step / at.Steps)) is var part && part != _last:
                _last = part;
                var left = at.SecondsLeft is { } seconds ? $", about {Text("0", seconds)} s left" : "";
                steps.Report($"{at.Phase}, epoch {at.Epoch} of {at.Epochs}, step {at.Step} of {at.Steps}, loss {Text("0.####", at.Loss)}{left}");
                break;
        }
    }

    private static string Text(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
