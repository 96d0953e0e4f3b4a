using EdgePrune.Contracts;
using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>Runs a model in ONNX Runtime on this machine, for evaluation, statistics and proofs; never for timing.</summary>
public sealed class GraphRunner : IDisposable
{
    // Smaller weights are not worth the bookkeeping; an operator may want its small parameters to be constants.
    private const int LeastLent = 1 << 14;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly SessionOptions _options;
    private readonly Dictionary<string, BorrowedTensor> _weights = new(StringComparer.Ordinal);

    /// <summary>Loads a model. Without optimization the runtime uses the model's own weights and makes no copy of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to run it, or null for the defaults.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the model; the message says why.</exception>
    public GraphRunner(Model model, RunnerOptions? options = null)
    {
        NativeRuntime.Prepare();
        _options = (options ?? new RunnerOptions()).ToSessionOptions();
        _session = Load(options is { Optimize: false } ? LendWeights(model) : OnnxFile.ToBytes(model));
    }

    /// <summary>Loads a model from the bytes of its file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="options">How to run it, or null for the defaults.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the model; the message says why.</exception>
    public GraphRunner(byte[] bytes, RunnerOptions? options = null)
    {
        NativeRuntime.Prepare();
        _options = (options ?? new RunnerOptions()).ToSessionOptions();
        _session = Load(bytes);
    }

    /// <summary>Names of the inputs that must be fed.</summary>
    public IReadOnlyList<string> InputNames => [.. _session.InputNames.Where(n => !_weights.ContainsKey(n))];

    /// <summary>Names of the outputs, in their order.</summary>
    public IReadOnlyList<string> OutputNames => _session.OutputNames;

    /// <summary>Runs the model once.</summary>
    /// <param name="feeds">A tensor for each input, by name.</param>
    /// <returns>The outputs in the order of <see cref="OutputNames"/>; outputs that are no tensors are left out as empty tensors.</returns>
    /// <exception cref="ModelException">The model cannot run on these inputs.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> feeds) => Run(feeds, outputs => outputs.Select(TensorExchange.Copy).ToList());

    /// <summary>Runs the model once and looks at its outputs without copying them.</summary>
    /// <param name="feeds">A tensor for each input, by name.</param>
    /// <param name="use">Gets the outputs in the order of <see cref="OutputNames"/>; they are gone when it returns.</param>
    /// <returns>What <paramref name="use"/> made of them.</returns>
    /// <exception cref="ModelException">The model cannot run on these inputs.</exception>
    internal T Run<T>(IReadOnlyDictionary<string, Tensor> feeds, Func<IReadOnlyList<OrtValue>, T> use)
    {
        List<BorrowedTensor> borrowed = [];
        try
        {
            List<(string Name, BorrowedTensor Tensor)> inputs = [.. _weights.Select(w => (w.Key, w.Value))];
            foreach (var (name, tensor) in feeds.Where(f => _session.InputNames.Contains(f.Key)))
            {
                borrowed.Add(new BorrowedTensor(tensor));
                inputs.Add((name, borrowed[^1]));
            }

            using var outputs = _session.Run(_runOptions, [.. inputs.Select(i => i.Name)], [.. inputs.Select(i => i.Tensor.Value)], _session.OutputNames);
            return use(outputs);
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

    /// <summary>Runs the model once and looks at its outputs by name without copying them.</summary>
    /// <param name="feeds">A tensor for each input, by name.</param>
    /// <param name="look">Gets the outputs; they are gone when it returns.</param>
    /// <exception cref="ModelException">The model cannot run on these inputs.</exception>
    internal void Look(IReadOnlyDictionary<string, Tensor> feeds, Action<IReadOnlyDictionary<string, Tensor>> look) => Run(feeds, outputs =>
    {
        look(OutputNames.Zip(outputs).ToDictionary(o => o.First, o => new LentTensor(o.Second).Tensor, StringComparer.Ordinal));
        return true;
    });

    /// <summary>Runs the model once on ONNX Runtime's own values, for some of its outputs, which are the caller's to dispose of.</summary>
    internal IReadOnlyList<OrtValue> Run(IReadOnlyDictionary<string, OrtValue> feeds, IReadOnlyCollection<string> wanted)
    {
        List<(string Name, OrtValue Value)> inputs = [.. _weights.Select(w => (w.Key, w.Value.Value)), .. InputNames.Select(n => (n, feeds[n]))];
        try
        {
            return [.. _session.Run(_runOptions, [.. inputs.Select(i => i.Name)], [.. inputs.Select(i => i.Value)], wanted)];
        }
        catch (OnnxRuntimeException e)
        {
            throw RuntimeErrors.Translate(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        DisposeOptions();
    }

    private InferenceSession Load(byte[] bytes)
    {
        try
        {
            return new InferenceSession(bytes, _options);
        }
        catch (OnnxRuntimeException e)
        {
            DisposeOptions();
            throw RuntimeErrors.Translate(e);
        }
    }

    private byte[] LendWeights(Model model)
    {
        var (bytes, lent) = OnnxFile.ToBytesWithWeightsAsInputs(model, LeastLent);
        foreach (var value in lent)
        {
            _weights[value.Name] = new BorrowedTensor(value.Constant!);
        }

        return bytes;
    }

    private void DisposeOptions()
    {
        _runOptions.Dispose();
        _options.Dispose();
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }
    }
}
