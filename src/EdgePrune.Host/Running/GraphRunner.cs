using EdgePrune.Contracts;
using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>Runs a model in ONNX Runtime on this machine, for evaluation, statistics and proofs; never for timing.</summary>
public sealed class GraphRunner : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly SessionOptions _options;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to run it, or null for the defaults.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the model; the message says why.</exception>
    public GraphRunner(Model model, RunnerOptions? options = null)
        : this(OnnxFile.ToBytes(model), options)
    {
    }

    /// <summary>Loads a model from the bytes of its file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="options">How to run it, or null for the defaults.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the model; the message says why.</exception>
    public GraphRunner(byte[] bytes, RunnerOptions? options = null)
    {
        NativeRuntime.Prepare();
        _options = (options ?? new RunnerOptions()).ToSessionOptions();
        try
        {
            _session = new InferenceSession(bytes, _options);
        }
        catch (OnnxRuntimeException e)
        {
            _options.Dispose();
            throw RuntimeErrors.Translate(e);
        }
    }

    /// <summary>Names of the inputs that must be fed.</summary>
    public IReadOnlyList<string> InputNames => _session.InputNames;

    /// <summary>Names of the outputs, in their order.</summary>
    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    /// <summary>Runs the model once.</summary>
    /// <param name="feeds">A tensor for each input, by name.</param>
    /// <returns>The outputs in the order of <see cref="OutputNames"/>; outputs that are no tensors are left out as empty tensors.</returns>
    /// <exception cref="ModelException">The model cannot run on these inputs.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> feeds)
    {
        List<BorrowedTensor> borrowed = [];
        try
        {
            var inputs = feeds.Where(f => _session.InputNames.Contains(f.Key)).ToList();
            borrowed.AddRange(inputs.Select(f => new BorrowedTensor(f.Value)));
            using var outputs = _session.Run(_runOptions, [.. inputs.Select(f => f.Key)], [.. borrowed.Select(b => b.Value)], _session.OutputNames);
            return [.. outputs.Select(TensorExchange.Copy)];
        }
        catch (OnnxRuntimeException e)
        {
            throw RuntimeErrors.Translate(e);
        }
        finally
        {
            borrowed.ForEach(b => b.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
        _options.Dispose();
    }
}
