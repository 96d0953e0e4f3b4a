using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Reads back the graph that ONNX Runtime makes of a quantized model.</summary>
/// <param name="IntegerNodes">Integer kernels in it.</param>
/// <param name="FloatNodes">Weighted operators left in float.</param>
/// <param name="Unfused">Quantized units of the model that run in float between conversions: slower than before, for nothing.</param>
internal sealed record FusionCheck(int IntegerNodes, int FloatNodes, IReadOnlyList<QuantizationUnit> Unfused)
{
    private static readonly HashSet<string> WeightedTypes = new(StringComparer.Ordinal)
    {
        "Conv", "FusedConv", "ConvTranspose", "Gemm", "FusedGemm", "MatMul", "FusedMatMul", "TransposeMatMul",
    };

    /// <summary>Loads a model, lets ONNX Runtime optimise it, and looks at the result.</summary>
    /// <param name="model">The quantized model.</param>
    /// <param name="units">Its quantized units.</param>
    /// <param name="signed">Whether activations are signed; then the graph is read as ARM64 runs it.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="Contracts.ModelException">ONNX Runtime refuses the model.</exception>
    public static FusionCheck Run(Model model, IReadOnlyList<QuantizationUnit> units, bool signed)
    {
        var optimized = OptimizedGraph.Read(model, signed);
        var names = ByName(units);
        var unfused = optimized.Nodes
            .Where(n => !IntegerOperators.IsQuantized(n) && n.Inputs.Any(v => v?.Producer is { OperatorType: "DequantizeLinear" }))
            .Select(n => Find(n, names))
            .OfType<QuantizationUnit>();
        return new FusionCheck(
            optimized.Nodes.Count(IntegerOperators.IsKernel),
            optimized.Nodes.Count(n => WeightedTypes.Contains(n.OperatorType)),
            [.. unfused.Distinct()]);
    }

    // Names of nodes and of values live in two spaces of names.
    private static Dictionary<(bool IsNode, string Name), QuantizationUnit?> ByName(IReadOnlyList<QuantizationUnit> units)
    {
        Dictionary<(bool, string), QuantizationUnit?> names = [];
        foreach (var unit in units.Where(u => u.Rule != QuantizationRule.Movement))
        {
            names[(false, unit.Core.Output.Name)] = unit;
            names[(false, unit.Outputs.First().Name)] = unit;
            if (unit.Core.Name.Length > 0)
            {
                // A name that two nodes bear tells nothing.
                names[(true, unit.Core.Name)] = names.ContainsKey((true, unit.Core.Name)) ? null : unit;
            }
        }

        return names;
    }

    private static QuantizationUnit? Find(Node node, Dictionary<(bool IsNode, string Name), QuantizationUnit?> names)
    {
        var byOutput = node.Outputs.OfType<Value>().Select(o => names.GetValueOrDefault((false, o.Name))).FirstOrDefault(u => u is not null);
        return byOutput ?? names.GetValueOrDefault((true, KernelNames.Plain(node.Name)));
    }
}
