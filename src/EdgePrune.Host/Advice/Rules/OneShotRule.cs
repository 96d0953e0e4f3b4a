namespace EdgePrune.Host;

/// <summary>One cut, because nothing is trained between cuts.</summary>
internal sealed class OneShotRule : IAdviceRule
{
    public string Name => "one-shot";

    public bool Applies(AdviceContext context) => context.CanPrune && !context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Prune in one shot, from the original each time.",
        Reason = "Several small cuts pay only when the model is trained between them. 'obs' already removes one channel after another and updates what is left; cutting a repaired model again would add one repair's error to the next."
            + (context.Request.HasSamples
                ? " Where one cut loses too much, 'prune --steps 4 --recover distill' learns from the original's answers between cuts."
                : " Without samples there is nothing to adapt between cuts at all."),
        Usefulness = 0.08,
    };
}
