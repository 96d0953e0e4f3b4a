using System.Globalization;

namespace EdgePrune.Host;

/// <summary>A study of this model says how many epochs each rate needs.</summary>
internal sealed class EpochsNeededRule : IAdviceRule
{
    public string Name => "epochs-needed";

    public bool Applies(AdviceContext context) => context.Request.Study is { Epochs.Count: > 0 };

    public Advice Make(AdviceContext context)
    {
        var study = context.Request.Study!;
        return new Advice
        {
            Text = string.Join(' ', study.Epochs.SelectMany(EpochWords.Lines)),
            Reason = $"Measured in a study of this model on {study.Cells.Count} cells; a loss of up to {study.Options.Tolerance.ToString("0.##", CultureInfo.InvariantCulture)} points counts as none, and numbers between the measured ones are interpolated.",
            Usefulness = 0.3,
        };
    }
}
