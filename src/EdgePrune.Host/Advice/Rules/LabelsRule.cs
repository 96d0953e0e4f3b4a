namespace EdgePrune.Host;

/// <summary>Labels: true accuracy decides, and fine-tuning is possible.</summary>
internal sealed class LabelsRule : IAdviceRule
{
    public string Name => "labels";

    public bool Applies(AdviceContext context) => context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Score candidates with the labels, and fine-tune when the loss after repair is too large.",
        Reason = "Labels tell accuracy itself and not only likeness to the original. Fine-tuning recovers what repair cannot at high rates; 'finetune' trains a pruned ONNX model on labelled samples, and 'prune' and 'tune' do so with --recover finetune. The first use fetches libtorch, 0.5 GB.",
        Command = $"edgeprune finetune small.onnx{context.DataOption} --epochs 3",
        Usefulness = context.CanPrune ? 0.12 : 0.05,
    };
}
