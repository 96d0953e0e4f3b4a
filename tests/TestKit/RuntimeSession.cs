using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace EdgePrune.TestKit;

/// <summary>A model loaded once in ONNX Runtime, to be run many times: one thread, no graph optimizations.</summary>
public sealed class RuntimeSession : IDisposable
{
    private readonly SessionOptions _options = new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        IntraOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    private readonly RunOptions _run = new();
    private readonly InferenceSession _session;

    static RuntimeSession() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");

    /// <summary>Loads a model.</summary>
    /// <param name="model">The model.</param>
    public RuntimeSession(Model model)
        : this(OnnxFile.ToBytes(model))
    {
    }

    /// <summary>Loads a model from the bytes of its file.</summary>
    /// <param name="bytes">The file.</param>
    public RuntimeSession(byte[] bytes)
    {
        try
        {
            _session = new InferenceSession(bytes, _options);
        }
        catch (OnnxRuntimeException)
        {
            _run.Dispose();
            _options.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="feeds">A tensor for each fed input.</param>
    /// <returns>The outputs in the model's order; those that are no plain tensors of numbers are of type undefined.</returns>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> feeds)
    {
        var inputs = feeds.ToDictionary(f => f.Key, f => ToOrt(f.Value), StringComparer.Ordinal);
        try
        {
            using var results = _session.Run(_run, inputs, _session.OutputNames);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        _options.Dispose();
    }

    private static OrtValue ToOrt(Tensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)(int)tensor.ElementType, tensor.Dims.ToArray());
        if (tensor.Count > 0)
        {
            tensor.Bytes.Span.CopyTo(value.GetTensorMutableRawData());
        }

        return value;
    }

    private static Tensor FromOrt(OrtValue value)
    {
        if (!value.IsTensor || ((ElementType)(int)value.GetTensorTypeAndShape().ElementDataType).Size() == 0)
        {
            return new Tensor(ElementType.Undefined, [], default);
        }

        var info = value.GetTensorTypeAndShape();
        var bytes = Tensor.Elements(info.Shape) == 0 ? [] : value.GetTensorMutableRawData().ToArray();
        return new Tensor((ElementType)(int)info.ElementDataType, info.Shape, bytes);
    }
}
