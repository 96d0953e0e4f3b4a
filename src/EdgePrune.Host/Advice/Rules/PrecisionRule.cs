using System.Globalization;

namespace EdgePrune.Host;

/// <summary>A precision that needs no samples suits the model and the target.</summary>
/// <param name="form">The precision.</param>
internal sealed class PrecisionRule(PrecisionForm form) : IAdviceRule
{
    public string Name => form.Name;

    public bool Applies(AdviceContext context) => !context.IsQuantized && context.Measured is null && context.Suiting.Contains(form.Precision);

    public Advice Make(AdviceContext context) => new()
    {
        Text = $"Try {form.Name}. {form.Conversion!.Description}",
        Reason = form.Why(PrecisionFacts.Of(context.Analysis, context.Target)) + Tried(context),
        Effect = context.Predict(0, form.Precision),
        Command = $"edgeprune quantize {context.Request.ModelFile} --precision {form.Name} --output model.{form.Name}.onnx",
        Usefulness = Math.Max(context.Saved(0, form.Precision), 0.1) * (Probe(context)?.IsHarmless == false ? 0.5 : 1),
    };

    private string Tried(AdviceContext context) => Probe(context) is { } probe
        ? string.Create(CultureInfo.InvariantCulture, $" Tried, it scores {probe.Agreement:0.0} % against the original on {context.Request.Probe!.Scored} samples, in a file of {new Contracts.ByteSize(probe.FileBytes)}.")
        : "";

    private PrecisionProbe? Probe(AdviceContext context) => context.Request.Probe?.Precisions.FirstOrDefault(p => p.Precision == form.Precision);
}
