namespace EdgePrune.Host;

/// <summary>Operators run on 8-bit integers.</summary>
internal sealed class Int8Rule : IAdviceRule
{
    public string Name => "int8";

    public bool Applies(AdviceContext context) => context.CanQuantize && context.Measured is null;

    public Advice Make(AdviceContext context) => new()
    {
        Text = context.Request.HasSamples ? "Quantize to int8." : "Quantize to int8 once there are samples: ranges are calibrated on them.",
        Reason = $"{AdviceWords.Percent(context.Figures.IntegerMacShare)} of the operations and {AdviceWords.Percent(context.Figures.IntegerWeightShare)} of the weights are in operators that have an integer kernel in ONNX Runtime. "
            + Processor(context),
        Effect = context.Predict(0, Precision.Int8),
        Command = context.Request.HasSamples ? $"edgeprune quantize {context.Request.ModelFile}{context.DataOption} --output model.int8.onnx" : null,
        Usefulness = Math.Max(context.Saved(0, Precision.Int8), 0.1) * (context.Request.HasSamples ? 1 : 0.6),
    };

    private static string Processor(AdviceContext context) => context.Target.Hardware.DotProduct switch
    {
        true => $"{context.Target.Title} has integer dot-product instructions: four products in the place of one.",
        false => $"{context.Target.Title} has no integer dot-product instructions: bytes shrink to a quarter, arithmetic may gain nothing, so measure both and keep the faster.",
        null => $"It is not known whether {context.Target.Title} has integer dot-product instructions: measure both and keep the faster.",
    };
}
