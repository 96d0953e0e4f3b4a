namespace EdgePrune.Onnx;

/// <summary>Which operators give the same result every time and may be computed once and for all.</summary>
internal static class FoldableOperators
{
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli",
        "If", "Loop", "Scan", "SequenceMap", "SequenceConstruct", "SequenceEmpty", "SplitToSequence", "Optional",

        // Folding would undo a quantization that was meant.
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
    };

    public static bool Allow(Node node) =>
        node.Domain.Length == 0
        && !Refused.Contains(node.OperatorType)
        && node.Captures.Count == 0
        && node.Attributes.Values.All(a => a is not AttributeValue.Carried)
        && node.Outputs.OfType<Value>().All(o => o.ElementType is ElementType.Undefined || o.ElementType.Size() > 0)
        && (node.Inputs.Any(v => v is not null) || (node.OperatorType == "Constant" && ConstantAttribute.Find(node) is not null))
        && !(node.OperatorType == "Dropout" && node.Input(2) is not null)
        && !(node.OperatorType == "Cast" && ((ElementType)node.Int("to", 0)).Size() == 0);
}
