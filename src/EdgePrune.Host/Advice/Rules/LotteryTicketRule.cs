namespace EdgePrune.Host;

/// <summary>A study, not a deployment method.</summary>
internal sealed class LotteryTicketRule : IAdviceRule
{
    public string Name => "lottery-ticket";

    public bool Applies(AdviceContext context) => context.CanPrune && context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "The lottery ticket (training a sparse subnetwork from its first weights) is a study: 'edgeprune lottery' trains from new weights, once a round and once more to compare.",
        Reason = "Its masks are of single weights, which ONNX Runtime's CPU kernels do not use, and it trains many times. What is shipped is a pruned and repaired or fine-tuned model.",
        Command = $"edgeprune lottery {context.Request.ModelFile}{context.DataOption}",
        Usefulness = 0.01,
    };
}
