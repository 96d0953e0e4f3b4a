using System.Globalization;

namespace EdgePrune.Host;

/// <summary>What the short trial showed of int8.</summary>
internal sealed class Int8AgreementRule : IAdviceRule
{
    public string Name => "int8-agreement";

    public bool Applies(AdviceContext context) => context.Request.Probe?.Int8 is not null;

    public Advice Make(AdviceContext context)
    {
        var probe = context.Request.Probe!;
        var int8 = probe.Int8!;
        if (int8.IntegerNodes == 0)
        {
            return new Advice
            {
                Text = "Leave the model in float: ONNX Runtime merges no integer kernel for it.",
                Reason = $"Of the model quantized for a trial, {int8.FloatNodes} weighted operators stay in float.",
                Usefulness = 0.5,
            };
        }

        return new Advice
        {
            Text = int8.Agreement >= ProbeResult.HarmlessAgreement ? "int8 is safe for this model." : "int8 costs this model accuracy: keep the faster and better of float and int8.",
            Reason = string.Create(CultureInfo.InvariantCulture, $"In int8 it scores {int8.Agreement:0.0} % against the original on {probe.Scored} samples; {int8.IntegerNodes} operators run on integers, {int8.FloatNodes} with weights stay in float."),
            Usefulness = 0.5,
        };
    }
}
