using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Activations need more memory than weights.</summary>
internal sealed class ActivationsRule : IAdviceRule
{
    public string Name => "activations";

    public bool Applies(AdviceContext context) => context.Need == AdviceNeed.Memory && context.Figures.PeakActivationBytes > context.Figures.WeightBytes;

    public Advice Make(AdviceContext context) => new()
    {
        Text = "Thin the layers with large planes, and consider a smaller input: activations need more memory than weights.",
        Reason = $"At most {new ByteSize(context.Figures.PeakActivationBytes)} of activations live at one time, against {new ByteSize(context.Figures.WeightBytes)} of weights. They shrink with the channels of the early layers, with int8, and with the square of the input's side.",
        Effect = context.Predict(context.CanPrune ? context.Rate : 0, context.CanQuantize && context.Request.HasSamples ? Precision.Int8 : Precision.Float32),
        Usefulness = 0.35,
    };
}
