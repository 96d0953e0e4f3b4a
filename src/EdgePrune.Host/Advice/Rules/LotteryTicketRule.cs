namespace EdgePrune.Host;

/// <summary>A study, not a deployment method.</summary>
internal sealed class LotteryTicketRule : IAdviceRule
{
    public string Name => "lottery-ticket";

    public bool Applies(AdviceContext context) => context.CanPrune && context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "The lottery ticket (training a sparse subnetwork from its first weights) is a study: it needs the training run from its start, and no step of it is part of this tool.",
        Reason = "Its masks are of single weights, which ONNX Runtime's CPU kernels do not use, and it trains many times. What is shipped is a pruned and repaired or fine-tuned model.",
        Usefulness = 0.01,
    };
}
