namespace EdgePrune.Host;

/// <summary>Depthwise convolutions: widths matter more than counts.</summary>
internal sealed class DepthwiseRule : IAdviceRule
{
    public string Name => "depthwise";

    public bool Applies(AdviceContext context) => context.Analysis.Carries.Count > 0;

    public Advice Make(AdviceContext context) => new()
    {
        Text = $"Keep the widths of depthwise convolutions at multiples of {context.Target.QuantumFor("depthwise", "int8")} for int8 and {context.Target.QuantumFor("depthwise", "float32")} for float; '--target' does it.",
        Reason = $"Depthwise convolutions are {AdviceWords.Percent(context.Figures.DepthwiseMacShare)} of the operations, but compute little for each byte: their time follows memory and kernel shape. They lose channels together with the pointwise convolutions around them, where most operations are.",
        Usefulness = context.Need is AdviceNeed.Latency or AdviceNeed.Energy ? 0.2 : 0.05,
    };
}
