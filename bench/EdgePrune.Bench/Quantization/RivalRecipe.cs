namespace EdgePrune.Bench;

/// <summary>A way of others to quantize.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Range">The range of a value.</param>
internal sealed record RivalRecipe(string Name, Func<ValueRecord, (double Low, double High)> Range)
{
    /// <summary>Whether each output channel of a weight has a scale of its own. <value>Default: true.</value></summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Whether ranges that reach below 0 are symmetric around it. <value>Default: false.</value></summary>
    public bool Symmetric { get; init; }

    /// <summary>Whether what the model gives, and what it puts through a last Softmax, is converted too. <value>Default: true; NNCF converts only what is read by an operator that it quantizes.</value></summary>
    public bool ConvertsOutputs { get; init; } = true;

    /// <summary>Whether biases are corrected. <value>Default: false.</value></summary>
    public bool CorrectsBias { get; init; }

    /// <summary>
    /// All ways. The first five are ONNX Runtime's <c>quantize_static</c>, whose defaults are QDQ, signed activations and weights, minimum and
    /// maximum, one scale for a weight; its percentile is 99.999 by default.
    /// </summary>
    public static IReadOnlyList<RivalRecipe> All { get; } =
    [
        new("ORT MinMax, per tensor (its default)", MinMax) { PerChannel = false },
        new("ORT MinMax, per channel", MinMax),
        new("ORT Percentile 99.99, per channel", r => Within(r, r.Histogram.Percentile(99.99))),
        new("ORT Percentile 99.999 (its default), per channel", r => Within(r, r.Histogram.Percentile(99.999))),
        new("ORT Entropy, per channel", r => Within(r, r.Histogram.Merge(SymmetricHistogram.EntropyBins).Entropy(SymmetricHistogram.EntropyBins))),

        // nncf/quantization/algorithms/min_max/algorithm.py: MEAN_MINMAX for activations that have one scale; preset "performance": symmetric.
        new("NNCF style: mean of extremes, symmetric, fast bias correction", MeanExtremes) { Symmetric = true, ConvertsOutputs = false, CorrectsBias = true },
    ];

    /// <summary>Scale and zero point of a signed 8-bit value.</summary>
    public (float Scale, sbyte ZeroPoint) Parameters(ValueRecord record)
    {
        var (low, high) = Range(record);
        (low, high) = (Math.Min(0, low), Math.Max(0, high));
        if (high - low < float.Epsilon)
        {
            return (1, 0);
        }

        if (Symmetric && low < 0)
        {
            return ((float)(Math.Max(-low, high) / 127), 0);
        }

        var scale = (float)((high - low) / 255);
        return (scale, (sbyte)Math.Clamp(Math.Round(sbyte.MinValue - (low / scale)), sbyte.MinValue, sbyte.MaxValue));
    }

    private static (double Low, double High) MinMax(ValueRecord record) => (record.Low, record.High);

    private static (double Low, double High) MeanExtremes(ValueRecord record) =>
        record.MeanLow < 0 ? (-record.MeanMagnitude, record.MeanMagnitude) : (0, record.MeanHigh);

    private static (double Low, double High) Within(ValueRecord record, (double Low, double High) thresholds) =>
        (Math.Max(thresholds.Low, record.Low), Math.Min(thresholds.High, record.High));
}
