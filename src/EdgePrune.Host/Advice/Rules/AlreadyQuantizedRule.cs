namespace EdgePrune.Host;

/// <summary>The model holds integers already.</summary>
internal sealed class AlreadyQuantizedRule : IAdviceRule
{
    public string Name => "already-quantized";

    public bool Applies(AdviceContext context) => context.IsQuantized;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Give the float model this one was made from, and quantize after pruning.",
        Reason = "The model computes with or converts to integers already. It cannot be quantized again, and repair works on float weights.",
        Usefulness = 0.8,
    };
}
