namespace EdgePrune.Onnx;

/// <summary>Turns Constant nodes of every spelling into initializers of the same name, so that weights are found in one place.</summary>
public sealed class ConstantNodesToInitializers : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "constant nodes to initializers";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        var found = model.Graph.Nodes
            .Where(n => n is { OperatorType: "Constant", Domain: "", Output.IsGraphOutput: false })
            .Select(n => (n.Output, Tensor: ConstantAttribute.Find(n)))
            .Where(c => c.Tensor is not null)
            .ToList();
        foreach (var (output, tensor) in found)
        {
            editor.MakeInitializer(output, tensor!);
        }

        return found.Count;
    }
}
