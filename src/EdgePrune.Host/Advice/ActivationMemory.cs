using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Counts the activations that live at one time when the nodes run in the file's order and each tensor is freed after its
/// last use: a floor for what a runtime needs beside the weights.
/// </summary>
public static class ActivationMemory
{
    /// <summary>The highest sum of living activations.</summary>
    /// <param name="analysis">The model with its concrete shapes, a batch of one.</param>
    /// <returns>Bytes.</returns>
    public static long Peak(ModelAnalysis analysis) => (long)Peak(analysis, v => Bytes(analysis, v));

    /// <summary>Bytes of an activation; 0 for constants, for constants read as floats (the kernel reads the integers), and for values whose shape is not known.</summary>
    /// <param name="analysis">The model with its concrete shapes, a batch of one.</param>
    /// <param name="value">The value.</param>
    /// <returns>Bytes.</returns>
    public static long Bytes(ModelAnalysis analysis, Value value)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(value);
        return value.Constant is null && !IsDequantizedConstant(value) && analysis.Shapes.Find(value) is { } shape ? Tensor.Elements(shape) * Math.Max(ElementSize(value), 1) : 0;
    }

    /// <summary>The highest sum of living activations, for sizes that differ from those in the model.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="bytes">Size of an activation.</param>
    internal static double Peak(ModelAnalysis analysis, Func<Value, double> bytes)
    {
        var graph = analysis.Model.Graph;
        var position = graph.Nodes.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i);
        var living = graph.FedInputs.Sum(bytes);
        var peak = living;
        foreach (var node in graph.Nodes)
        {
            living += node.Outputs.OfType<Value>().Sum(bytes);
            peak = Math.Max(peak, living);
            living -= node.Inputs.Concat(node.Outputs).OfType<Value>().Distinct().Where(v => IsLastUse(v, node, position)).Sum(bytes);
        }

        return peak;
    }

    private static bool IsDequantizedConstant(Value value) => value.Producer is { OperatorType: "DequantizeLinear" } reader && reader.Inputs[0]?.Constant is not null;

    private static bool IsLastUse(Value value, Node node, Dictionary<Node, int> position) =>
        !value.IsGraphOutput && value.Uses.All(u => position[u.Node] <= position[node]);

    // Files need not declare the type of what flows between nodes; it is float far more often than not.
    private static int ElementSize(Value value) => value.ElementType == ElementType.Undefined ? sizeof(float) : value.ElementType.Size();
}
