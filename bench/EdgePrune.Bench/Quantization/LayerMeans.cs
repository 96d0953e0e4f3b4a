using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>What a layer gives in the mean when every channel of its input is that channel's mean everywhere.</summary>
internal static class LayerMeans
{
    /// <summary>Runs one layer alone.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="input">What the samples showed of its input.</param>
    /// <param name="weight">The weight to run it with.</param>
    /// <param name="biases">The biases to run it with.</param>
    /// <returns>One mean for each channel of its output.</returns>
    public static double[] Of(Node node, ValueRecord input, Tensor weight, float[] biases)
    {
        var model = ModelFactory.Create("layer", node.Opset);
        var editor = new GraphEditor(model.Graph);
        var layer = editor.AddNode(node.OperatorType, [editor.AddInitializer("x", Fill(input)), editor.AddInitializer("w", weight), editor.AddInitializer("b", Tensor.Of([biases.Length], biases))], "y");
        foreach (var (name, value) in node.Attributes.Where(a => a.Key != "beta"))
        {
            editor.SetAttribute(layer, name, value);
        }

        editor.AddGraphOutput(layer.Output);
        var output = new RuntimeNodeEvaluator().Evaluate(model)[0];
        var record = new ValueRecord { Shape = output.Dims.ToArray() };
        record.Range(output.Span<float>());
        return record.ChannelMeans;
    }

    private static Tensor Fill(ValueRecord input)
    {
        var (means, values) = (input.ChannelMeans, new float[Tensor.Elements([.. input.Shape])]);
        var inner = values.Length / means.Length;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)means[i / inner];
        }

        return Tensor.Of([.. input.Shape], values);
    }
}
