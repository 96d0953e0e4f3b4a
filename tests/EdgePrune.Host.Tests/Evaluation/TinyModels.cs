using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Models of one or two nodes whose outputs are known by hand.</summary>
internal static class TinyModels
{
    /// <summary>[N, inputs] times a matrix [inputs, outputs].</summary>
    public static byte[] MatMul(int inputs, int outputs, params float[] weights)
    {
        var model = ModelFactory.Create("tiny");
        var editor = new GraphEditor(model.Graph);
        var x = editor.AddInput("x", ElementType.Float32, new Dim(null, "N"), inputs);
        var w = editor.AddInitializer("w", Tensor.Of([inputs, outputs], weights));
        var y = editor.AddNode("MatMul", [x, w], "out").Output;
        editor.AddGraphOutput(y);
        return OnnxFile.ToBytes(model);
    }

    /// <summary>The input of one feature for each class, unchanged: the sample itself is the prediction.</summary>
    public static byte[] Identity(int classes) =>
        MatMul(classes, classes, [.. Enumerable.Range(0, classes * classes).Select(i => i / classes == i % classes ? 1f : 0f)]);
}
