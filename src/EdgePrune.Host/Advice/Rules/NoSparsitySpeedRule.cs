namespace EdgePrune.Host;

/// <summary>Single zeros make nothing faster.</summary>
internal sealed class NoSparsitySpeedRule : IAdviceRule
{
    public string Name => "no-sparsity-speed";

    public bool Applies(AdviceContext context) => context.Need != AdviceNeed.Transfer && context.Figures.Parameters > 0;

    public Advice Make(AdviceContext context) => new()
    {
        Text = $"Do not zero single weights (unstructured or N:M) for {AdviceWords.Goal(context.Need)}: it brings nothing here.",
        Reason = "ONNX Runtime's CPU kernels are dense: a zero costs the same time and the same memory as any other number. Only whole channels shorten the loops.",
        Effect = new Prediction("no change", 1, "Property of the runtime's kernels; the dense tensors keep their size."),
        Usefulness = 0.02,
    };
}
