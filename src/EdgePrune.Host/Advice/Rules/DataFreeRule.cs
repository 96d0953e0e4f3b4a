namespace EdgePrune.Host;

/// <summary>Without samples: weights alone decide.</summary>
internal sealed class DataFreeRule : IAdviceRule
{
    public string Name => "data-free";

    public bool Applies(AdviceContext context) => context.CanPrune && !context.Request.HasSamples && context.Measured is null;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Without samples, prune every layer alike by 'l2' and stay at low rates. A few hundred unlabelled samples would change this: find some.",
        Reason = "Without activations nothing can be repaired or calibrated, and weight norms of different layers do not compare: on the sample model, not repaired, rate 0.7 keeps 84 % of decisions right layer by layer and 40 % over all layers; "
            + "repaired from 512 unlabelled samples it is 98.9 %.",
        Effect = context.Predict(context.Rate, Precision.Float32),
        Command = $"edgeprune prune {context.Request.ModelFile} --rate {AdviceWords.Rate(context.Rate)} --per-layer --criterion l2 --target {context.Target.Name} --output small.onnx",
        Usefulness = context.Saved(context.Rate, Precision.Float32) * 0.9,
    };
}
