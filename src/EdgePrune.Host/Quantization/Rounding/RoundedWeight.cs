using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A weight as integers.</summary>
/// <param name="Values">The integers in the weight's shape, -127 to 127.</param>
/// <param name="Scales">One scale for each output channel.</param>
internal sealed record RoundedWeight(Tensor Values, float[] Scales)
{
    // Scales are at least what leaves half of the 32 bits to the bias; this much less still does not overflow.
    private const float Slack = 0.6f;

    /// <summary>Whether biases that need these scales at least still fit into 32 bits.</summary>
    public bool Fits(ReadOnlySpan<float> leastScales)
    {
        for (var i = 0; i < Scales.Length; i++)
        {
            if (Scales[i] < Slack * leastScales[i])
            {
                return false;
            }
        }

        return true;
    }
}
