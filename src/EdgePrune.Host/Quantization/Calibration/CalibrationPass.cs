using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Runs the calibration samples through a model, batch by batch, and looks at every tensor that may be quantized.</summary>
internal sealed class CalibrationPass
{
    // Bounds the tensors that one batch brings back.
    private const long BatchBytes = 192L << 20;

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
    /// <param name="model">The model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="keepFloat">Nodes that stay in float, by label or name of the first output.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Shapes of all values that an operator may convert, and how the values are spread that can be.</returns>
    /// <exception cref="InputException">A sample does not fit the model or holds values that are no numbers.</exception>
    /// <exception cref="ModelException">The model cannot run.</exception>
    public static CalibrationStatistics Run(Model model, ISampleSource samples, IReadOnlyDictionary<string, string> keepFloat, CancellationToken cancellationToken) =>
        new CalibrationPass(model, samples).Run(keepFloat, cancellationToken);

    /// <summary>Types and shapes alone, which one sample shows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The samples; the first is looked at.</param>
    /// <exception cref="InputException">The samples do not fit the model.</exception>
    /// <exception cref="ModelException">The model cannot run.</exception>
    public static CalibrationStatistics Shapes(Model model, ISampleSource samples)
    {
        var pass = new CalibrationPass(model, samples);
        pass.LookAtKinds(pass.Touched());
        return pass.Statistics(samples: 1);
    }

    private CalibrationStatistics Run(IReadOnlyDictionary<string, string> keepFloat, CancellationToken cancellationToken)
    {
        var touched = Touched();
        LookAtKinds(touched);
        List<string> observed = [.. touched.Except(Merged(keepFloat)).Where(v => _kinds[v].Type == ElementType.Float32)];
        using var runner = new GraphRunner(ProbedModel.Of(_model, observed));
        foreach (var (feeds, start, count) in new SampleFeeder(_model, _samples, BatchSize(observed)).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObserveFeeds(feeds, start, count);
            runner.Look(feeds, outputs => Observe(observed, outputs));
        }

        return Statistics(_samples.Count);
    }

    private CalibrationStatistics Statistics(int samples) => new(_kinds.ToDictionary(k => k.Key, k => Statistics(k.Key, k.Value)), samples);

    /// <summary>Looks at the types and shapes of one sample alone.</summary>
    private void LookAtKinds(List<string> touched)
    {
        using var runner = new GraphRunner(ProbedModel.Of(_model, touched), new RunnerOptions { Optimize = false, KeepsMemory = false });
        var feeds = new SampleFeeder(_model, SampleSubset.Range(_samples, 0, 1)).Batches().First().Feeds;
        runner.Look(feeds, outputs =>
        {
            foreach (var (name, tensor) in feeds.Concat(outputs))
            {
                _kinds[name] = (tensor.ElementType, tensor.Dims.ToArray());
            }
        });
    }

    private int BatchSize(List<string> observed)
    {
        var bytes = observed.Sum(v => Tensor.Elements(_kinds[v].Shape) * sizeof(float));
        return (int)Math.Clamp(BatchBytes / Math.Max(1, bytes), 1, SampleFeeder.Few);
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
    private void Observe(List<string> names, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var pairs = names.Select(n => (Observer: ObserverOf(n), Tensor: tensors[n])).ToList();
        Parallel.ForEach(pairs, p => p.Observer.Observe(p.Tensor.Span<float>()));
    }

    private ValueObserver ObserverOf(string name) => _observers.TryGetValue(name, out var observer) ? observer : _observers[name] = new ValueObserver();

    private ValueStatistics Statistics(string name, (ElementType Type, long[] Shape) kind) =>
        _observers.TryGetValue(name, out var observer)
            ? new ValueStatistics(kind.Type, kind.Shape, observer.Distribution, observer.IsFinite)
            : new ValueStatistics(kind.Type, kind.Shape, null, IsFinite: true);

    /// <summary>Names of the values that operators with an integer form read or make.</summary>
    private List<string> Touched() =>
        [.. _model.Graph.Nodes.Where(n => UnitFinder.RuleOf(n) != QuantizationRule.Float)
            .SelectMany(n => n.Inputs.Concat(n.Outputs)).OfType<Value>().Where(v => v.Producer is not null).Select(v => v.Name).Distinct(StringComparer.Ordinal)];

    private IEnumerable<string> Merged(IReadOnlyDictionary<string, string> keepFloat) =>
        _model.Graph.Nodes.Where(n => UnitFinder.ActivationBehind(n, keepFloat) is not null).Select(n => n.Output.Name);
}
