using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What computes with integers in the place of floats, and what converts to them. The one answer to whether a model is quantized: in QuantizeLinear and
/// DequantizeLinear pairs (QDQ), in operators on integers (QOperator), with activations rounded as they come, or in its weights alone.
/// </summary>
internal static class IntegerOperators
{
    private static readonly HashSet<string> Conversions = new(StringComparer.Ordinal) { "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear" };

    private static readonly HashSet<string> Kernels = new(StringComparer.Ordinal)
    {
        "QGemm", "QAttention", "ConvInteger", "MatMulInteger", "MatMulInteger16", "MatMulIntegerToFloat", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM",
        "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized", "QMoE", "QEmbedLayerNormalization",
    };

    /// <summary>Whether an operator computes with integers.</summary>
    public static bool IsKernel(Node node) => IsKernel(node.OperatorType);

    /// <summary>Whether operators, or kernels, of a type compute with integers.</summary>
    public static bool IsKernel(string type) => type.StartsWith("QLinear", StringComparison.Ordinal) || Kernels.Contains(type);

    /// <summary>Whether an operator computes with integers or converts to them.</summary>
    public static bool IsQuantized(Node node) => IsKernel(node) || Conversions.Contains(node.OperatorType);

    /// <summary>Whether ONNX Runtime has an integer kernel for a float operator, and its weight, if it has one, can be quantized.</summary>
    public static bool Reaches(Node node) => UnitFinder.RuleOf(node) switch
    {
        QuantizationRule.Float => false,
        QuantizationRule.Weighted => node.Input(1)?.Constant is { ElementType: ElementType.Float32 } weight && (node.OperatorType != "MatMul" || weight.Rank == 2),
        _ => true,
    };

    /// <summary>Whether any operator of a model does.</summary>
    public static bool IsQuantized(Model model) => model.Graph.Nodes.Any(IsQuantized);

    /// <summary>Requires that a model computes with floats alone, as everything that changes weights does.</summary>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>; the message names the first node that does not.</exception>
    public static void RequireFloat(Model model)
    {
        if (model.Graph.Nodes.FirstOrDefault(IsQuantized) is { } node)
        {
            throw new ModelException(ErrorCode.AlreadyQuantized,
                $"The model is quantized already: node {node} computes with or converts to integers. Give the float model it was made from, and quantize last.");
        }
    }
}
