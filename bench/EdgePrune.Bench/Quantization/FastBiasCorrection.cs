namespace EdgePrune.Bench;

/// <summary>
/// NNCF's default correction of biases (nncf/quantization/algorithms/fast_bias_correction/algorithm.py): the shift of a layer's mean
/// output, which its quantized weight causes on the mean input, goes into its bias. It is left alone when the shift is twice as large as
/// the bias in any channel, and so whenever a bias is exactly 0.
/// </summary>
internal static class FastBiasCorrection
{
    private const double Threshold = 2;

    /// <summary>Corrects one layer's biases.</summary>
    /// <param name="biases">The biases, one a channel.</param>
    /// <param name="expected">Mean outputs of the float model.</param>
    /// <param name="quantized">Mean outputs of the layer with quantized weight on the mean inputs.</param>
    /// <returns>The new biases; null when the layer is left alone.</returns>
    public static float[]? Correct(IReadOnlyList<float> biases, IReadOnlyList<double> expected, IReadOnlyList<double> quantized)
    {
        var corrected = new float[biases.Count];
        for (var c = 0; c < corrected.Length; c++)
        {
            corrected[c] = (float)(biases[c] + (expected[c] - quantized[c]));
            if (biases[c] == 0 || Math.Abs((corrected[c] - biases[c]) / biases[c]) >= Threshold)
            {
                return null;
            }
        }

        return corrected;
    }
}
