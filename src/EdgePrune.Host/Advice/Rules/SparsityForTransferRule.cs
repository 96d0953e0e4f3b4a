namespace EdgePrune.Host;

/// <summary>Zeros compress: single weights, for the way to the device only.</summary>
internal sealed class SparsityForTransferRule : IAdviceRule
{
    public string Name => "sparsity-transfer";

    public bool Applies(AdviceContext context) => context.Need == AdviceNeed.Transfer && context.Figures.WeightBytes > context.Figures.GraphBytes;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Single weights set to zero (unstructured, or 2 of every 4) make only the compressed transfer smaller. Prune channels and quantize first; those shrink everything.",
        Reason = $"Brotli brings this model's weights to {AdviceWords.Percent(context.Figures.Compression.Float)}, with the smaller half zeroed to {AdviceWords.Percent(context.Figures.Compression.HalfZero)}, with 2 of 4 zeroed to {AdviceWords.Percent(context.Figures.Compression.TwoOfFour)}, in int8 to {AdviceWords.Percent(context.Figures.Compression.Int8)}. "
            + "ONNX Runtime's CPU kernels multiply by zeros like by other numbers, and the file on the device stays as large.",
        Effect = new Prediction($"compressed file to {AdviceWords.Percent(Ratio(context))}", Ratio(context), "Brotli on the model's own weights with the smaller half of each tensor at zero; what that does to accuracy is not computed."),
        Usefulness = Math.Clamp(1 - Ratio(context), 0, 1) * 0.5,
    };

    private static double Ratio(AdviceContext context) =>
        (context.Figures.GraphBytes + (context.Figures.WeightBytes * context.Figures.Compression.HalfZero)) / Math.Max(1, context.Now.TransferBytes);
}
