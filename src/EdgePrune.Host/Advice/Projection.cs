namespace EdgePrune.Host;

/// <summary>What a model would cost with other widths and another precision: computed from its graph, not measured.</summary>
/// <param name="Macs">Multiply-accumulate operations.</param>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="MemoryBytes">Bytes of weights and of the activations that live at one time.</param>
/// <param name="TransferBytes">Bytes of the compressed file.</param>
/// <param name="Seconds">Least time of the weighted operators, or null when the target states no figures.</param>
internal sealed record Projection(double Macs, double FileBytes, double MemoryBytes, double TransferBytes, double? Seconds)
{
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
    /// <param name="cost">What the precision makes of the operators it reaches.</param>
    public static Projection Of(ModelAnalysis analysis, ModelFigures figures, Roofline? roof, IReadOnlyList<int> keep, PrecisionCost cost)
    {
        var kept = new KeptShares(analysis, keep);
        var layers = LayerWork.Of(analysis, kept);
        var contractions = analysis.Contractions.ToLookup(c => c.Weight.Value);
        var (floats, changed) = (0.0, 0.0);
        foreach (var value in analysis.Model.Graph.Initializers)
        {
            var bytes = value.Constant!.Bytes.Length * LayerWork.Share(value, contractions, kept);
            (floats, changed) = cost.Stores(value, analysis.Shapes) ? (floats, changed + bytes) : (floats + bytes, changed);
        }

        var peak = ActivationMemory.Peak(analysis, v => ActivationMemory.Bytes(analysis, v) * kept.Of(v) * (v.Producer is { } node ? cost.At(node, analysis.Shapes).ActivationBytes / sizeof(float) : 1));
        return new Projection(
            layers.Sum(l => l.Macs),
            figures.GraphBytes + floats + (changed * cost.StoredBytes / sizeof(float)),
            floats + (changed * cost.WeightBytes / sizeof(float)) + peak,
            figures.GraphBytes + (floats * figures.Compression.Float) + (changed * cost.Compressed(figures.Compression)),
            roof is null ? null : layers.Sum(l => roof.Seconds(l, cost.At(l.Node, analysis.Shapes), figures.FitsCache == true)));
    }
}
