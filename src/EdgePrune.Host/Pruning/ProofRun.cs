using EdgePrune.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>Runs a model segment by segment on several inputs; between segments only what later ones read is in memory.</summary>
internal sealed class ProofRun : IDisposable
{
    private static readonly RunnerOptions Plain = new() { Optimize = false, KeepsMemory = false };

    private readonly ModelCutter _cutter;
    private readonly List<BorrowedTensor> _fed = [];
    private readonly Dictionary<string, ElementType> _types = new(StringComparer.Ordinal);
    private readonly List<Dictionary<string, OrtValue>> _feeds = [];
    private readonly List<Dictionary<string, OrtValue>> _values = [];
    private GraphRunner? _runner;

    /// <summary>Starts a run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs by name, once for each sample.</param>
    public ProofRun(Model model, IEnumerable<IReadOnlyDictionary<string, Tensor>> inputs)
    {
        _cutter = new ModelCutter(model);
        foreach (var input in inputs)
        {
            _feeds.Add(input.ToDictionary(i => i.Key, i => Lend(i.Value), StringComparer.Ordinal));
            _values.Add(new(StringComparer.Ordinal));
        }
    }

    /// <summary>Loads the next segment.</summary>
    public void Load(ProofSegment segment)
    {
        _runner?.Dispose();
        _runner = new GraphRunner(_cutter.Cut(segment.Wanted, _types), Plain);
    }

    /// <summary>Runs the loaded segment on one sample.</summary>
    /// <param name="sample">Number of the sample.</param>
    /// <param name="wanted">Names of the values to give; among them all that are handed on.</param>
    /// <returns>The values by name; they are gone when they are spent.</returns>
    public IReadOnlyDictionary<string, OrtValue> Run(int sample, IReadOnlyCollection<string> wanted)
    {
        var values = _values[sample];
        var feeds = _runner!.InputNames.ToDictionary(n => n, n => _feeds[sample].GetValueOrDefault(n) ?? values[n], StringComparer.Ordinal);
        foreach (var (name, value) in wanted.Zip(_runner.Run(feeds, wanted)))
        {
            values[name] = value;
            if (value.IsTensor)
            {
                _types[name] = (ElementType)value.GetTensorTypeAndShape().ElementDataType;
            }
        }

        return values;
    }

    /// <summary>Frees what nobody reads any more of one sample.</summary>
    public void Free(int sample, ProofSegment segment)
    {
        foreach (var name in segment.Spent)
        {
            if (_values[sample].Remove(name, out var value))
            {
                value.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner?.Dispose();
        foreach (var value in _values.SelectMany(v => v.Values))
        {
            value.Dispose();
        }

        _fed.ForEach(f => f.Dispose());
    }

    private OrtValue Lend(Tensor tensor)
    {
        _fed.Add(new BorrowedTensor(tensor));
        return _fed[^1].Value;
    }
}
