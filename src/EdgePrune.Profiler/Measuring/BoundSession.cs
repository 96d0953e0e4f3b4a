using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Profiler;

/// <summary>
/// A model that runs without managed allocation: inputs and outputs are bound once to pinned memory. Write the inputs'
/// bytes, call <see cref="Run"/>, read the outputs' bytes. For one thread at a time.
/// </summary>
public sealed class BoundSession : IDisposable
{
    private readonly string _modelPath;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtIoBinding _binding;
    private readonly List<BoundTensor> _inputs = [];
    private BoundTensor[] _outputs = [];
    private bool _outputsBound;

    private readonly bool _ownsSession;

    private BoundSession(string modelPath, InferenceSession session, bool ownsSession)
    {
        _modelPath = modelPath;
        _session = session;
        _ownsSession = ownsSession;
        _binding = session.CreateIoBinding();
    }

    /// <summary>The inputs, in the model's order. They start as zeros.</summary>
    public IReadOnlyList<BoundTensor> Inputs => _inputs;

    /// <summary>The outputs, in the model's order; empty before the first run of a model with outputs of unknown shape.</summary>
    public IReadOnlyList<BoundTensor> Outputs => _outputs;

    /// <summary>Opens a model and allocates its tensors.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="settings">Threads, spinning, arena, and the value of free dimensions.</param>
    /// <returns>The session; the caller disposes of it.</returns>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot load the model, or an input is no tensor of numbers.</exception>
    public static BoundSession Open(string modelPath, ProfileSettings settings)
    {
        using var options = SessionFactory.CreateOptions(settings);
        return Open(modelPath, settings, options);
    }

    /// <summary>Opens a model with options of the caller's and allocates its tensors.</summary>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="settings">The value of free dimensions.</param>
    /// <param name="options">Session options; still the caller's to dispose of.</param>
    /// <returns>The session; the caller disposes of it.</returns>
    /// <exception cref="InputException">The file does not exist.</exception>
    /// <exception cref="ModelException">ONNX Runtime cannot load the model, or an input is no tensor of numbers.</exception>
    public static BoundSession Open(string modelPath, ProfileSettings settings, SessionOptions options)
    {
        return Bind(new BoundSession(modelPath, SessionFactory.Open(modelPath, options), ownsSession: true), settings);
    }

    /// <summary>Tensors of its own over the same session, for another thread. Dispose of it before this one.</summary>
    /// <param name="settings">The value of free dimensions.</param>
    /// <returns>The second caller of the session.</returns>
    public BoundSession Fork(ProfileSettings settings) => Bind(new BoundSession(_modelPath, _session, ownsSession: false), settings);

    /// <summary>Fills every input with seeded random values.</summary>
    /// <param name="seed">The seed; the same seed gives the same bytes.</param>
    public void FillInputs(int seed)
    {
        var random = new Random(seed);
        foreach (var input in _inputs)
        {
            RandomInput.Fill(input.Bytes, input.ElementType, random);
        }
    }

    /// <summary>Runs the model on what the inputs hold now.</summary>
    /// <exception cref="ModelException">ONNX Runtime cannot run the model on these inputs.</exception>
    public void Run()
    {
        try
        {
            if (_outputsBound)
            {
                _session.RunWithBinding(_runOptions, _binding);
            }
            else
            {
                ProbeOutputs();
            }
        }
        catch (OnnxRuntimeException refused)
        {
            throw RuntimeErrors.WhileRunning(_modelPath, refused);
        }
    }

    /// <summary>Writes ONNX Runtime's profile, if profiling is on, and switches it off.</summary>
    /// <returns>Path of the file.</returns>
    public string EndProfiling() => _session.EndProfiling();

    /// <summary>Releases the session and its tensors.</summary>
    public void Dispose()
    {
        _binding.Dispose();
        foreach (var tensor in _inputs.Concat(_outputs))
        {
            tensor.Dispose();
        }

        _runOptions.Dispose();
        if (_ownsSession)
        {
            _session.Dispose();
        }
    }

    private static BoundSession Bind(BoundSession bound, ProfileSettings settings)
    {
        try
        {
            bound.BindInputs(settings.FreeDimension);
            bound.BindKnownOutputs();
            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    private void BindInputs(int freeDimension)
    {
        foreach (var name in _session.InputNames)
        {
            var metadata = RequireTensor(name, _session.InputMetadata[name]);
            long[] shape = [.. metadata.Dimensions.Select(d => d < 0 ? freeDimension : d)];
            var input = new BoundTensor(name, metadata.ElementDataType, shape);
            _inputs.Add(input);
            _binding.BindInput(name, input.Value);
        }
    }

    private void BindKnownOutputs()
    {
        var metadata = _session.OutputNames.Select(n => (Name: n, Metadata: RequireTensor(n, _session.OutputMetadata[n]))).ToArray();
        if (metadata.All(o => o.Metadata.Dimensions.All(d => d >= 0)))
        {
            BindOutputs([.. metadata.Select(o => new BoundTensor(
                o.Name, o.Metadata.ElementDataType, [.. o.Metadata.Dimensions.Select(d => (long)d)]))]);
        }
    }

    // The first run of a model with outputs of unknown shape lets ONNX Runtime allocate them; later runs write to ours.
    private void ProbeOutputs()
    {
        foreach (var name in _session.OutputNames)
        {
            _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
        }

        _session.RunWithBinding(_runOptions, _binding);
        BoundTensor[] outputs;
        using (var values = _binding.GetOutputValues())
        {
            outputs = [.. _session.OutputNames.Zip(values, Copy)];
        }

        _binding.ClearBoundOutputs();
        BindOutputs(outputs);
    }

    private static BoundTensor Copy(string name, OrtValue value)
    {
        var shape = value.GetTensorTypeAndShape();
        var tensor = new BoundTensor(name, shape.ElementDataType, shape.Shape);
        value.GetTensorMutableRawData().CopyTo(tensor.Bytes);
        return tensor;
    }

    private void BindOutputs(BoundTensor[] outputs)
    {
        _outputs = outputs;
        foreach (var output in outputs)
        {
            _binding.BindOutput(output.Name, output.Value);
        }

        _outputsBound = true;
    }

    private NodeMetadata RequireTensor(string name, NodeMetadata metadata) => metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
        ? metadata
        : throw new ModelException(
            ErrorCode.ModelRejected,
            $"'{name}' of '{_modelPath}' is {metadata.OnnxValueType}; only tensors can be bound. Export the model with tensors as inputs and outputs.");
}
