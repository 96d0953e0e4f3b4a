namespace EdgePrune.Host;

/// <summary>Several cuts with training between them.</summary>
internal sealed class IterativeRule : IAdviceRule
{
    public string Name => "iterative";

    public bool Applies(AdviceContext context) => context.CanPrune && context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Try one shot with repair first. If the loss at the rate you need is too large, go there in two or three cuts with fine-tuning between them.",
        Reason = "With labels the weights can adapt between cuts, which pays at high rates. One shot costs seconds, so its loss is the figure to beat.",
        Usefulness = 0.09,
    };
}
