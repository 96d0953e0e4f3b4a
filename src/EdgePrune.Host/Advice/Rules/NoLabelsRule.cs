namespace EdgePrune.Host;

/// <summary>Samples without labels: agreement decides, repair instead of training.</summary>
internal sealed class NoLabelsRule : IAdviceRule
{
    public string Name => "no-labels";

    public bool Applies(AdviceContext context) => context.Request.HasSamples && !context.Request.HasLabels;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Score by agreement with the original model, and rely on repair: it needs no labels. Where repair is not enough, learn from the original's answers.",
        Reason = "Agreement and the divergence of outputs follow accuracy closely and see only inputs. Repair predicts removed channels from kept ones by least squares. Training by labels is out; training on the original's answers (distillation, --recover distill or 'finetune --teacher') needs inputs only.",
        Command = $"edgeprune evaluate small.onnx{context.DataOption} --against {context.Request.ModelFile}",
        Usefulness = 0.12,
    };
}
