using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Runs the calibration samples through a model, batch by batch, and looks at every tensor that may be quantized.</summary>
internal sealed class CalibrationPass
{
    // Bounds the tensors that one batch brings back.
    private const long BatchBytes = 192L << 20;
    private const int LargestBatch = 64;

    private readonly Model _model;
    private readonly ISampleSource _samples;
    private readonly QuantizationOptions _options;
    private readonly Dictionary<string, ValueObserver> _observers = [];
    private readonly Dictionary<string, (ElementType Type, long[] Shape)> _kinds = [];

    private CalibrationPass(Model model, ISampleSource samples, QuantizationOptions options)
    {
        _model = model;
        _samples = samples;
        _options = options;
    }

    /// <summary>Gathers the statistics.</summary>
    /// <exception cref="InputException">A sample does not fit the model or holds values that are no numbers.</exception>
    /// <exception cref="ModelException">The model cannot run.</exception>
    public static CalibrationStatistics Run(Model model, ISampleSource samples, QuantizationOptions options, CancellationToken cancellationToken) =>
        new CalibrationPass(model, samples, options).Run(cancellationToken);

    private CalibrationStatistics Run(CancellationToken cancellationToken)
    {
        using var runner = new GraphRunner(WithInnerOutputs(_model), new RunnerOptions { Optimize = false });
        var feeder = new SampleFeeder(_model, _samples, BatchSize(runner));
        foreach (var (feeds, start, count) in feeder.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObserveFeeds(feeds, start, count);
            foreach (var (name, tensor) in runner.OutputNames.Zip(runner.Run(feeds)))
            {
                Observe(name, tensor);
            }
        }

        return new CalibrationStatistics(_kinds.ToDictionary(k => k.Key, k => Statistics(k.Key, k.Value)), _samples.Count);
    }

    /// <summary>Looks at one sample alone: shapes, and how many samples fit into a batch.</summary>
    private int BatchSize(GraphRunner runner)
    {
        var feeds = new SampleFeeder(_model, SampleSubset.Range(_samples, 0, 1)).Batches().First().Feeds;
        var outputs = runner.Run(feeds);
        foreach (var (name, tensor) in feeds.Select(f => (f.Key, f.Value)).Concat(runner.OutputNames.Zip(outputs)))
        {
            _kinds[name] = (tensor.ElementType, tensor.Dims.ToArray());
        }

        return (int)Math.Clamp(BatchBytes / Math.Max(1, outputs.Sum(t => (long)t.Bytes.Length)), 1, LargestBatch);
    }

    private void ObserveFeeds(IReadOnlyDictionary<string, Tensor> feeds, int start, int count)
    {
        foreach (var (name, tensor) in feeds)
        {
            if (!Observe(name, tensor))
            {
                throw new InputException(ErrorCode.InvalidSampleFile,
                    $"One of the samples {start} to {start + count - 1} holds a value for input '{name}' that is not a finite number. Remove it, or repair the preprocessing that made it.");
            }
        }
    }

    private bool Observe(string name, Tensor tensor)
    {
        if (tensor.ElementType != ElementType.Float32)
        {
            return true;
        }

        if (!_observers.TryGetValue(name, out var observer))
        {
            _observers[name] = observer = new ValueObserver(_options);
        }

        return observer.Observe(tensor.Span<float>());
    }

    private ValueStatistics Statistics(string name, (ElementType Type, long[] Shape) kind) =>
        _observers.TryGetValue(name, out var observer)
            ? new ValueStatistics(kind.Type, kind.Shape, observer.Range(), observer.IsFinite)
            : new ValueStatistics(kind.Type, kind.Shape, default, IsFinite: true);

    private static Model WithInnerOutputs(Model model)
    {
        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        var touched = probe.Graph.Nodes.Where(n => UnitFinder.RuleOf(n) != QuantizationRule.Float);
        foreach (var value in touched.SelectMany(n => n.Inputs.Concat(n.Outputs)).OfType<Value>().Where(v => v.Producer is not null))
        {
            editor.AddGraphOutput(value);
        }

        return probe;
    }
}
