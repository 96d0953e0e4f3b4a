namespace EdgePrune.Host;

/// <summary>Whole channels are removed.</summary>
internal sealed class StructuredPruningRule : IAdviceRule
{
    public string Name => "prune";

    public bool Applies(AdviceContext context) => context.CanPrune && context.Measured is null;

    public Advice Make(AdviceContext context) => new()
    {
        Text = $"Remove whole channels, starting at rate {AdviceWords.Rate(context.Rate)}{(context.Request.HasSamples ? "; the model is repaired from the samples" : "")}.",
        Reason = $"{AdviceWords.Percent(context.Figures.PrunableMacShare)} of the operations and {AdviceWords.Percent(context.Figures.PrunableParameterShare)} of the weights hang on channels that can go, in {context.Analysis.Groups.Count} groups. What is left is a smaller dense model, which every runtime runs faster.",
        Effect = context.Predict(context.Rate, Precision.Float32),
        Command = $"edgeprune prune {context.Request.ModelFile} --rate {AdviceWords.Rate(context.Rate)}{(context.Request.HasSamples ? context.DataOption : " --per-layer --criterion l2")} --target {context.Target.Name} --output small.onnx",
        Usefulness = context.Saved(context.Rate, Precision.Float32),
    };
}
