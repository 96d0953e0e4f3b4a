using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What of a model is compared: its outputs, and of a Softmax at the end what goes into it. Probabilities hide how far a sample was
/// moved until it is at the border of two classes.
/// </summary>
internal static class JudgedOutputs
{
    /// <summary>A copy of the model that gives what is compared.</summary>
    /// <param name="model">The float model, or a quantized form of it.</param>
    public static Model Of(Model model)
    {
        if (!model.Graph.Outputs.Any(o => SoftmaxBehind(o) is not null))
        {
            return model;
        }

        var copy = model.Clone();
        var editor = new GraphEditor(copy.Graph);
        var outputs = copy.Graph.Outputs.ToList();
        outputs.ForEach(editor.RemoveGraphOutput);
        foreach (var value in outputs.Select(o => SoftmaxBehind(o)?.Input(0) ?? o))
        {
            editor.AddGraphOutput(value);
        }

        return copy;
    }

    // Its output may be converted to integers and back.
    private static Node? SoftmaxBehind(Value output)
    {
        var node = output.Producer;
        while (node is { OperatorType: "DequantizeLinear" or "QuantizeLinear" or "Identity" })
        {
            node = node.Input(0)?.Producer;
        }

        return node is { OperatorType: "Softmax" } && node.Input(0) is { IsGraphOutput: false, IsGraphInput: false } ? node : null;
    }
}
