using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>The walkthrough's model: one convolution of 4 channels whose weights can be read, and one fully connected layer.</summary>
internal static class FourChannels
{
    public static Model Make()
    {
        // walkthrough: model
        var model = ModelFactory.Create("four-channels");
        var editor = new GraphEditor(model.Graph);
        var image = editor.AddInput("image", ElementType.Float32, new Dim(null, "batch"), 1, 2, 2);

        var weight = editor.AddInitializer("conv.weight", Tensor.Of([4, 1, 1, 1], [0.45f, 0.05f, -0.25f, 0.1f]));
        var conv = editor.AddNode("Conv", [image, weight], "conv");

        // Variance 0.25 and scale 1: folding doubles every channel.
        var one = editor.AddInitializer("norm.scale", Tensor.Of([4], [1f, 1f, 1f, 1f]));
        var zero = editor.AddInitializer("norm.mean", Tensor.Of([4], [0f, 0f, 0f, 0f]));
        var quarter = editor.AddInitializer("norm.var", Tensor.Of([4], [0.25f, 0.25f, 0.25f, 0.25f]));
        var norm = editor.AddNode("BatchNormalization", [conv.Output, one, zero, zero, quarter], "norm");
        editor.SetAttribute(norm, "epsilon", new AttributeValue.Float(0));

        var relu = editor.AddNode("Relu", [norm.Output], "relu");
        var flat = editor.AddNode("Flatten", [relu.Output], "flat");
        var rows = Enumerable.Range(0, 16 * 3).Select(i => ((i % 12) - 5.5f) / 10).ToArray();
        var fc = editor.AddNode("Gemm", [flat.Output, editor.AddInitializer("fc.weight", Tensor.Of([16, 3], rows))], "fc");
        editor.AddGraphOutput(fc.Output);
        // end
        return model;
    }

    /// <summary>Samples in a CSV file, four pixels a line between -1 and 1.</summary>
    public static string WriteSamples(TemporaryFolder folder)
    {
        var random = new Random(1);
        var lines = Enumerable.Range(0, 64).Select(_ => string.Join(',', Enumerable.Range(0, 4).Select(_ => $"{(random.NextDouble() * 2) - 1:0.000}")));
        return folder.Write("images.csv", string.Join('\n', lines));
    }
}
