using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What one weighted operator computes and moves, perhaps with fewer channels.</summary>
/// <param name="Node">The operator.</param>
/// <param name="Macs">Multiply-accumulate operations.</param>
/// <param name="WeightBytes">Bytes of its constants in 32-bit floats.</param>
/// <param name="DataBytes">Bytes of the activations that it reads and writes.</param>
internal sealed record LayerWork(Node Node, double Macs, double WeightBytes, double DataBytes)
{
    /// <summary>Whether the operator's integer kernel exists and its weight can be quantized.</summary>
    public bool CanBeInteger => UnitFinder.RuleOf(Node) == QuantizationRule.Weighted && IntegerOperators.Reaches(Node);

    /// <summary>All bytes it moves.</summary>
    public double Bytes => WeightBytes + DataBytes;

    /// <summary>Operations (two for each multiply-accumulate) for each byte moved.</summary>
    public double Intensity => 2 * Macs / Math.Max(1, Bytes);

    /// <summary>The work of every weighted operator, in the model's order.</summary>
    public static List<LayerWork> Of(ModelAnalysis analysis, KeptShares kept)
    {
        var macs = analysis.Contractions.Select(c => (c.Node, Macs: c.Macs * kept.Of(c.Data) * kept.Of(c.Output)))
            .Concat(analysis.Carries.Select(c => (c.Node, Macs: c.Macs * kept.Of(c.Output))))
            .GroupBy(c => c.Node)
            .ToDictionary(c => c.Key, c => c.Sum(m => m.Macs));
        var contractions = analysis.Contractions.ToLookup(c => c.Weight.Value);
        return
        [
            .. analysis.Model.Graph.Nodes.Where(macs.ContainsKey).Select(n => new LayerWork(
                n, macs[n],
                n.Inputs.OfType<Value>().Where(v => v.Constant is not null).Distinct().Sum(v => v.Constant!.Bytes.Length * Share(v, contractions, kept)),
                n.Inputs.Concat(n.Outputs).OfType<Value>().Distinct().Sum(v => ActivationMemory.Bytes(analysis, v) * kept.Of(v)))),
        ];
    }

    /// <summary>Share of a constant that stays.</summary>
    public static double Share(Value constant, ILookup<Value, Contraction> contractions, KeptShares kept) =>
        contractions[constant].FirstOrDefault() is { } contraction ? kept.OfWeight(contraction) : kept.Of(constant);
}
