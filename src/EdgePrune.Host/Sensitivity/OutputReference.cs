using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>The original's outputs, computed once, and how far others are from them.</summary>
internal sealed class OutputReference
{
    // Stands for outputs that are no finite numbers; a file of curves can hold it.
    private const double Lost = 1e9;

    private readonly SampleFeeder _feeder;
    private readonly ISampleSource _samples;
    private readonly List<IReadOnlyList<Tensor>> _expected = [];
    private readonly bool _isProbability;
    private readonly bool _hasLabels;
    private readonly bool _hasClasses;

    public OutputReference(Model model, ISampleSource samples, CancellationToken cancellationToken)
    {
        _samples = samples;
        _feeder = new SampleFeeder(model, samples);
        _isProbability = model.Graph.Outputs[0].Producer is { OperatorType: "Softmax" };
        using var runner = new GraphRunner(model);
        foreach (var (feeds, _, _) in _feeder.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _expected.Add(runner.Run(feeds));
        }

        var first = _expected[0][0];
        _hasClasses = ClassAxis.Of(first).Classes > 1;
        _hasLabels = samples.Labels is not null && first.Rank == 2 && first.Dims[0] == Math.Min(_feeder.BatchSize, samples.Count) && samples.Labels.All(l => l < first.Dims[1]);
        OriginalScore = _hasLabels ? Compare((batch, _) => _expected[batch], cancellationToken).Score : 100;
    }

    public string Metric => (_hasLabels, _hasClasses) switch
    {
        (true, _) => "top-1 accuracy, percent",
        (_, true) => "agreement with the original, percent",
        _ => "likeness of outputs to the original, percent",
    };

    public double OriginalScore { get; }

    /// <summary>How far a model's outputs are from the original's, and its score.</summary>
    public (double Error, double Score) Compare(Model candidate, CancellationToken cancellationToken)
    {
        using var runner = new GraphRunner(candidate);
        return Compare((_, feeds) => runner.Run(feeds), cancellationToken);
    }

    private (double Error, double Score) Compare(Func<int, IReadOnlyDictionary<string, Tensor>, IReadOnlyList<Tensor>> run, CancellationToken cancellationToken)
    {
        var sums = new AgreementSums(_isProbability);
        var (difference, energy, right) = (0.0, 0.0, 0);
        foreach (var (batch, (feeds, start, count)) in _feeder.Batches().Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var actual = run(batch, feeds);
            foreach (var (a, b) in _expected[batch].Zip(actual).Where(p => p.First.ElementType.IsFloat()))
            {
                Add(a.ToFloats(), b.ToFloats(), ref difference, ref energy);
            }

            sums.Add(_expected[batch][0], actual[0]);
            right += _hasLabels ? Right(actual[0], start, count) : 0;
        }

        var error = energy > 0 ? difference / energy : difference;
        var score = _hasLabels ? 100.0 * right / _samples.Count : _hasClasses ? sums.Agreement : sums.Likeness;
        return (double.IsFinite(error) ? error : Lost, score);
    }

    private int Right(Tensor output, int start, int count)
    {
        var values = output.ToFloats();
        var classes = values.Length / count;
        return Enumerable.Range(0, count).Count(i => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(values.AsSpan(i * classes, classes)) == _samples.Labels![start + i]);
    }

    private static void Add(float[] expected, float[] actual, ref double difference, ref double energy)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var d = (double)expected[i] - actual[i];
            difference += d * d;
            energy += (double)expected[i] * expected[i];
        }
    }
}
