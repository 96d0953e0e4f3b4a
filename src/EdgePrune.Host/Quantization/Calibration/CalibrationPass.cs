using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Runs the calibration samples through a model, batch by batch, and looks at every tensor that may be quantized.</summary>
internal sealed class CalibrationPass
{
    // Bounds the tensors that one batch brings back; few, so that ten samples need as much memory as a thousand.
    private const long BatchBytes = 192L << 20;
    private const int LargestBatch = 8;

    private readonly Model _model;
    private readonly ISampleSource _samples;
    private readonly Dictionary<string, ValueObserver> _observers = [];
    private readonly Dictionary<string, (ElementType Type, long[] Shape)> _kinds = [];

    private CalibrationPass(Model model, ISampleSource samples)
    {
        _model = model;
        _samples = samples;
    }

    /// <summary>Gathers the statistics.</summary>
    /// <exception cref="InputException">A sample does not fit the model or holds values that are no numbers.</exception>
    /// <exception cref="ModelException">The model cannot run.</exception>
    public static CalibrationStatistics Run(Model model, ISampleSource samples, CancellationToken cancellationToken) =>
        new CalibrationPass(model, samples).Run(cancellationToken);

    private CalibrationStatistics Run(CancellationToken cancellationToken)
    {
        using var runner = new GraphRunner(WithInnerOutputs(_model), new RunnerOptions { Optimize = false });
        var feeder = new SampleFeeder(_model, _samples, BatchSize(runner));
        foreach (var (feeds, start, count) in feeder.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObserveFeeds(feeds, start, count);
            Observe(runner.OutputNames, runner.Run(feeds));
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
        FiniteFeeds.Require(feeds, start, count);
        foreach (var (name, tensor) in feeds.Where(f => f.Value.ElementType == ElementType.Float32))
        {
            ObserverOf(name).Observe(tensor.Span<float>());
        }
    }

    // Every tensor has an observer of its own, so that the order in which they finish does not matter.
    private void Observe(IReadOnlyList<string> names, IReadOnlyList<Tensor> tensors)
    {
        var pairs = names.Zip(tensors).Where(p => p.Second.ElementType == ElementType.Float32).Select(p => (Observer: ObserverOf(p.First), Tensor: p.Second)).ToList();
        Parallel.ForEach(pairs, p => p.Observer.Observe(p.Tensor.Span<float>()));
    }

    private ValueObserver ObserverOf(string name) => _observers.TryGetValue(name, out var observer) ? observer : _observers[name] = new ValueObserver();

    private ValueStatistics Statistics(string name, (ElementType Type, long[] Shape) kind) =>
        _observers.TryGetValue(name, out var observer)
            ? new ValueStatistics(kind.Type, kind.Shape, observer.Distribution, observer.IsFinite)
            : new ValueStatistics(kind.Type, kind.Shape, null, IsFinite: true);

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
