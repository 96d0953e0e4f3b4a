namespace EdgePrune.Onnx;

/// <summary>Removes nodes whose results nobody reads, and initializers nobody reads unless the graph lists them as inputs.</summary>
public sealed class UnusedNodes : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "unused nodes";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        var removed = 0;
        foreach (var node in model.Graph.Nodes.Reverse().ToList())
        {
            if (node.Outputs.All(o => o is not { IsUsed: true }))
            {
                editor.RemoveNode(node);
                removed++;
            }
        }

        foreach (var initializer in model.Graph.Initializers.Where(v => v is { IsUsed: false, IsGraphInput: false }).ToList())
        {
            editor.RemoveInitializer(initializer);
            removed++;
        }

        return removed;
    }
}
