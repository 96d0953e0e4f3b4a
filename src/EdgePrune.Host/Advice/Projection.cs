using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What a model would cost with other widths and another precision: computed from its graph, not measured.</summary>
/// <param name="Macs">Multiply-accumulate operations.</param>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="MemoryBytes">Bytes of weights and of the activations that live at one time.</param>
/// <param name="TransferBytes">Bytes of the compressed file.</param>
/// <param name="Seconds">Least time of the weighted operators, or null when the target states no figures.</param>
internal sealed record Projection(double Macs, double FileBytes, double MemoryBytes, double TransferBytes, double? Seconds)
{
    private const double IntegerSize = 1.0 / sizeof(float);

    /// <summary>The figure that a need looks at. Energy follows time: the shorter a device computes, the sooner it rests.</summary>
    public double Figure(AdviceNeed need) => need switch
    {
        AdviceNeed.Memory => MemoryBytes,
        AdviceNeed.Transfer => TransferBytes,
        _ => Seconds ?? Macs,
    };

    /// <summary>Computes a projection.</summary>
    /// <param name="analysis">The analysed model.</param>
    /// <param name="figures">Its figures.</param>
    /// <param name="roof">The target's roofline, or null.</param>
    /// <param name="keep">Channels that each group keeps.</param>
    /// <param name="isInteger">Whether what can run in int8 does.</param>
    public static Projection Of(ModelAnalysis analysis, ModelFigures figures, Roofline? roof, IReadOnlyList<int> keep, bool isInteger)
    {
        var kept = new KeptShares(analysis, keep);
        var layers = LayerWork.Of(analysis, kept);
        var contractions = analysis.Contractions.ToLookup(c => c.Weight.Value);
        var quantized = isInteger ? layers.Where(l => l.CanBeInteger).Select(l => l.Node.Input(1)).ToHashSet() : [];
        var (floats, integers) = (0.0, 0.0);
        foreach (var value in analysis.Model.Graph.Initializers)
        {
            var bytes = value.Constant!.Bytes.Length * LayerWork.Share(value, contractions, kept);
            (floats, integers) = quantized.Contains(value) ? (floats, integers + bytes) : (floats + bytes, integers);
        }

        var peak = ActivationMemory.Peak(analysis, v => ActivationMemory.Bytes(analysis, v) * kept.Of(v) * (isInteger && IsInteger(v) ? IntegerSize : 1));
        var weights = floats + (integers * IntegerSize);
        return new Projection(
            layers.Sum(l => l.Macs),
            figures.GraphBytes + weights,
            weights + peak,
            figures.GraphBytes + (floats * figures.Compression.Float) + (integers * figures.Compression.Int8),
            roof is null ? null : layers.Sum(l => roof.Seconds(l, isInteger && l.CanBeInteger, figures.FitsCache == true)));
    }

    private static bool IsInteger(Value value) => value.Producer is { } node && UnitFinder.RuleOf(node) != QuantizationRule.Float;
}
