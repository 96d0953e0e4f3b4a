using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace EdgePrune.TestKit;

/// <summary>Runs models in ONNX Runtime, one thread, without graph optimizations, so that results are those of the graph as written.</summary>
public static class Runtime
{
    static Runtime() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");

    /// <summary>Runs a model once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="feeds">A tensor for each fed input.</param>
    /// <returns>The outputs in the graph's order.</returns>
    public static IReadOnlyList<Tensor> Run(Model model, IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(OnnxFile.ToBytes(model), options);
        var inputs = feeds.ToDictionary(f => f.Key, f => ToOrt(f.Value), StringComparer.Ordinal);
        try
        {
            using var run = new RunOptions();
            using var results = session.Run(run, inputs, [.. model.Graph.Outputs.Select(o => o.Name)]);
            return [.. results.Select(FromOrt)];
        }
        finally
        {
            foreach (var input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    /// <summary>Runs a model once on random inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Seed of the inputs.</param>
    /// <returns>The outputs in the graph's order.</returns>
    public static IReadOnlyList<Tensor> Run(Model model, int seed) => Run(model, Feeds.Random(model, seed));

    /// <summary>Runs a model once with every intermediate tensor as an output.</summary>
    /// <param name="model">The model.</param>
    /// <param name="feeds">A tensor for each fed input.</param>
    /// <returns>Every node's outputs by name.</returns>
    public static IReadOnlyDictionary<string, Tensor> RunAll(Model model, IReadOnlyDictionary<string, Tensor> feeds)
    {
        var open = model.Clone();
        var editor = new GraphEditor(open.Graph);
        foreach (var value in open.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => !v.IsGraphOutput).ToList())
        {
            // The type and shape may not be stated, or not truly: the runtime infers them.
            editor.SetElementType(value, ElementType.Undefined);
            editor.SetDeclaredShape(value, null);
            editor.AddGraphOutput(value);
        }

        return open.Graph.Outputs.Select(o => o.Name).Zip(Run(open, feeds)).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);
    }

    private static OrtValue ToOrt(Tensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)tensor.ElementType, tensor.Dims.ToArray());
        tensor.Bytes.Span.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static Tensor FromOrt(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var bytes = Tensor.Elements(info.Shape) == 0 ? [] : value.GetTensorMutableRawData().ToArray();
        return new Tensor((ElementType)(int)info.ElementDataType, info.Shape, bytes);
    }
}
