using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The running means and variances of batch normalization, which are remembered and not learnt.</summary>
internal static class RunningStatistics
{
    private const string Type = "BatchNormalization";

    /// <summary>
    /// Gives every node statistics of its own. Exporters merge equal constants, such as the means 0 of a net that was not
    /// trained; remembered in place, one node's statistics would be the other's.
    /// </summary>
    public static void Part(Graph graph)
    {
        var editor = new GraphEditor(graph);
        foreach (var (node, input) in Places(graph))
        {
            if (node.Input(input) is { Constant: { } constant } shared && (shared.Uses.Count > 1 || shared.IsGraphOutput))
            {
                editor.SetInput(node, input, editor.AddInitializer(shared.Name, constant));
            }
        }
    }

    /// <summary>The constants that hold statistics.</summary>
    public static IEnumerable<Value> Of(Graph graph) => Places(graph).Select(p => p.Node.Input(p.Input)).Where(v => v?.Constant is not null).Select(v => v!);

    /// <exception cref="ModelException">A node computes its statistics, so that there is no place to remember them.</exception>
    public static void RequireConstants(Graph graph)
    {
        foreach (var (node, input) in Places(graph).Where(p => p.Node.Input(p.Input) is { Constant: null }))
        {
            throw new ModelException(ErrorCode.UnknownOperator,
                $"Node {node} computes its statistics '{node.Input(input)!.Name}', so those of the batches cannot be remembered. Train with frozen statistics, or fold the model's constants first.");
        }
    }

    private static IEnumerable<(Node Node, int Input)> Places(Graph graph) =>
        graph.Nodes.Where(n => n.OperatorType == Type && n.Domain.Length == 0).SelectMany(n => new[] { (n, 3), (n, 4) });
}
