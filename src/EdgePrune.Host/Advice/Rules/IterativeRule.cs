namespace EdgePrune.Host;

/// <summary>Several cuts with training between them.</summary>
internal sealed class IterativeRule : IAdviceRule
{
    public string Name => "iterative";

    public bool Applies(AdviceContext context) => context.CanPrune && context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Try one shot with repair first. If the loss at the rate you need is too large, go there in several cuts with fine-tuning between them, and let a limit of the loss end it.",
        Reason = "With labels the weights can adapt between cuts, which pays at high rates. One shot costs seconds, so its loss is the figure to beat.",
        Command = $"edgeprune prune {context.Request.ModelFile}{context.DataOption} --rate 0.8 --steps 4 --recover finetune --max-loss 1",
        Usefulness = 0.09,
    };
}
