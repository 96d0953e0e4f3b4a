using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>
/// Counts the activations that live at one time when the nodes run in the file's order and each tensor is freed after its
/// last use: a floor for what a runtime needs beside the weights.
/// </summary>
internal static class ActivationMemory
{
    /// <summary>The highest sum of living activations.</summary>
    /// <param name="analysis">The model with its concrete shapes, a batch of one.</param>
    /// <returns>Bytes.</returns>
    public static long Peak(ModelAnalysis analysis)
    {
        var graph = analysis.Model.Graph;
        var position = graph.Nodes.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i);
        var living = graph.FedInputs.Sum(i => Bytes(analysis, i));
        var peak = living;
        foreach (var node in graph.Nodes)
        {
            living += node.Outputs.Sum(o => Bytes(analysis, o));
            peak = Math.Max(peak, living);
            living -= node.Inputs.Concat(node.Outputs).Distinct().Where(v => IsLastUse(v, node, position)).Sum(v => Bytes(analysis, v));
        }

        return peak;
    }

    private static bool IsLastUse(Value? value, Node node, Dictionary<Node, int> position) =>
        value is { IsGraphOutput: false } && value.Uses.All(u => position[u.Node] <= position[node]);

    private static long Bytes(ModelAnalysis analysis, Value? value) =>
        value is { Constant: null } && analysis.Shapes.Find(value) is { } shape
            ? Tensor.Elements(shape) * Math.Max(ElementSize(value), 1)
            : 0;

    // Files need not declare the type of what flows between nodes; it is float far more often than not.
    private static int ElementSize(Value value) => value.ElementType == ElementType.Undefined ? sizeof(float) : value.ElementType.Size();
}
