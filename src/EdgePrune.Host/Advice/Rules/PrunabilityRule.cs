using System.Globalization;

namespace EdgePrune.Host;

/// <summary>What the short trial showed of pruning.</summary>
internal sealed class PrunabilityRule : IAdviceRule
{
    public string Name => "prunability";

    public bool Applies(AdviceContext context) => context.Request.Probe is { Points.Count: > 0 };

    public Advice Make(AdviceContext context) => new()
    {
        Text = context.Request.Probe!.HarmlessRate is { } rate
            ? $"The model gives up channels well: start the search at rate {AdviceWords.Rate(rate)}."
            : "The model needs its channels: expect a loss at once, start at low rates, and plan for fine-tuning.",
        Reason = $"Tried and repaired on {context.Request.Probe.Samples} samples, scored on {context.Request.Probe.Scored} others: {string.Join("; ", context.Request.Probe.Points.Select(Words))}.",
        Usefulness = 0.55,
    };

    private static string Words(ProbePoint point) =>
        string.Create(CultureInfo.InvariantCulture, $"rate {point.Rate:0.##} scores {point.Agreement:0.0} % against the original (output error {100 * point.OutputError:0.##} %, operations to {AdviceWords.Percent(point.MacShare)})");
}
