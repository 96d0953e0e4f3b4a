namespace EdgePrune.Onnx;

/// <summary>
/// Gives every layer a bias of its own. Exporters merge equal bias tensors (all zero after a fresh fold, for instance), which
/// would couple the channels of layers that have nothing else to do with each other.
/// </summary>
public sealed class OwnBiases : IGraphPass
{
    private const int BiasInput = 2;

    /// <inheritdoc/>
    public string Name => "own biases";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        var shared = model.Graph.Initializers.Where(v => !v.IsGraphInput && v.Uses.Count > 1).SelectMany(v => v.Uses.Skip(1)).Where(IsBias).ToList();
        foreach (var use in shared)
        {
            var bias = use.Node.Input(BiasInput)!;
            editor.SetInput(use.Node, BiasInput, editor.AddInitializer(bias.Name, bias.Constant!));
        }

        return shared.Count;
    }

    private static bool IsBias(Use use) =>
        use.Index == BiasInput && use.Node is { Domain: "", OperatorType: "Conv" or "ConvTranspose" or "Gemm" };
}
