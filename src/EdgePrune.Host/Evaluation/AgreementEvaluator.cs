using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Scores a model by how much its first output is that of the original, for samples without labels. With classes the
/// score is the share of equal decisions (top-1 agreement); an output without classes scores
/// 100 * (1 - |difference| / |original|), at least 0. Details: <c>agreement</c> (with classes), <c>klDivergence</c> (mean,
/// nats, of the softmax), and <c>sqnrDb</c>, the signal-to-difference ratio in decibels within plus and minus <see cref="MaxSqnr"/>.
/// </summary>
public sealed class AgreementEvaluator : IEvaluator, IDisposable
{
    /// <summary>The ratio in decibels that stands for equal outputs.</summary>
    public const double MaxSqnr = 200;

    private readonly ISampleSource _samples;
    private readonly SampleFeeder _feeder;
    private readonly GraphRunner _reference;
    private readonly bool _isProbability;
    private readonly bool _hasClasses;

    /// <summary>Makes an evaluator that compares with a model.</summary>
    /// <param name="reference">The bytes of the original <c>.onnx</c> file.</param>
    /// <param name="samples">The samples; labels are not looked at.</param>
    /// <exception cref="EdgePruneException">The model or the samples cannot be used.</exception>
    public AgreementEvaluator(ReadOnlyMemory<byte> reference, ISampleSource samples)
    {
        var model = OnnxFile.Read(reference.Span);
        _samples = samples;
        _feeder = new SampleFeeder(model, samples);
        _reference = new GraphRunner(reference.ToArray());
        _isProbability = model.Graph.Outputs[0].Producer is { OperatorType: "Softmax" };
        _hasClasses = ClassAxis.Of(_reference.Run(_feeder.Batches().First().Feeds)[0]).Classes > 1;
    }

    /// <inheritdoc/>
    public string Metric => _hasClasses ? "agreement with the original, percent" : "likeness of outputs to the original, percent";

    /// <inheritdoc/>
    public Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken) =>
        Task.Run(() => Evaluate(model, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _reference.Dispose();

    private Evaluation Evaluate(ReadOnlyMemory<byte> model, CancellationToken cancellationToken)
    {
        using var candidate = new GraphRunner(model.ToArray());
        RequireSameInputs(candidate);
        var sums = new AgreementSums(_isProbability);
        foreach (var (feeds, given) in Feeds(OnnxFile.Read(model.Span)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var expected = _reference.Run(feeds)[0];
            var actual = candidate.Run(given)[0];
            sums.Add(expected, RequireSameShape(expected, actual));
        }

        return Result(sums);
    }

    // A model that takes bytes is fed the stored numbers, its original the normalised ones.
    private IEnumerable<(IReadOnlyDictionary<string, Tensor> Original, IReadOnlyDictionary<string, Tensor> Candidate)> Feeds(Model candidate) => candidate.Graph.FedInputs.Any(ByteForm.Takes)
        ? _feeder.Batches().Zip(new SampleFeeder(candidate, _samples, _feeder.BatchSize).Batches(), (a, b) => (a.Feeds, b.Feeds))
        : _feeder.Batches().Select(b => (b.Feeds, b.Feeds));

    private Evaluation Result(AgreementSums sums)
    {
        var details = new Dictionary<string, double> { ["sqnrDb"] = Math.Clamp(sums.SqnrDb, -MaxSqnr, MaxSqnr) };
        if (_hasClasses)
        {
            details["agreement"] = sums.Agreement;
            details["klDivergence"] = sums.KlDivergence;
        }

        return new Evaluation(_hasClasses ? sums.Agreement : sums.Likeness, _samples.Count, details)
        {
            Outcomes = _hasClasses ? sums.Decisions : null,
        };
    }

    private void RequireSameInputs(GraphRunner candidate)
    {
        if (!candidate.InputNames.Order(StringComparer.Ordinal).SequenceEqual(_reference.InputNames.Order(StringComparer.Ordinal)))
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"The model has the inputs {string.Join(", ", candidate.InputNames)}, but the original has {string.Join(", ", _reference.InputNames)}. Compare models with the same inputs.");
        }
    }

    private static Tensor RequireSameShape(Tensor expected, Tensor actual) => expected.Dims.SequenceEqual(actual.Dims)
        ? actual
        : throw new InputException(ErrorCode.SampleShapeMismatch,
            $"The first output has shape [{string.Join(", ", actual.Dims.ToArray())}], but the original's has [{string.Join(", ", expected.Dims.ToArray())}]. Compare models with the same outputs.");
}
