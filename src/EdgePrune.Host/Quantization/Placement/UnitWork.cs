using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Work of a node, in multiply-accumulates.</summary>
internal static class UnitWork
{
    /// <summary>Work of a node with a weight; the elements of its output where it has none.</summary>
    public static double Of(QuantizationRecipe recipe, string output)
    {
        var node = recipe.Prepared.Graph.Values[output].Producer!;
        var elements = recipe.Statistics.Find(node.Output)?.Count ?? 0;
        return UnitFinder.RuleOf(node) == QuantizationRule.Weighted && node.Input(1)?.Constant is { } weight ? Macs(node, weight, elements) : elements;
    }

    /// <summary>Multiply-accumulates of a weighted node for one sample.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weight">Its weight.</param>
    /// <param name="elements">Elements of its output.</param>
    public static double Macs(Node node, Tensor weight, long elements)
    {
        // Every element of the output sums over what one output channel has of the weight.
        var channels = node.OperatorType == "Conv" || node.Int("transB", 0) != 0 ? weight.Dims[0] : weight.Dims[^1];
        return (double)weight.Count / Math.Max(1, channels) * elements;
    }
}
