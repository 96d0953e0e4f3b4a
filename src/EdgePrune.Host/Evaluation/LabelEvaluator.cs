using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Scores a classifier against labels: the share of samples whose class has the highest value of the model's first
/// output (top-1). Details: <c>top1</c> and <c>top5</c> in percent, <c>correct</c> and <c>classes</c>.
/// </summary>
public sealed class LabelEvaluator : IEvaluator
{
    private readonly ISampleSource _samples;
    private readonly IReadOnlyList<int> _labels;

    /// <summary>Makes an evaluator over labelled samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <exception cref="InputException">There is no sample, or there are no labels.</exception>
    public LabelEvaluator(ISampleSource samples)
    {
        SampleSources.RequireSome(samples.Count, "The source");
        _samples = samples;
        _labels = samples.Labels ?? throw new InputException(ErrorCode.LabelMismatch, "The samples have no labels, so accuracy cannot be told. Name a file of labels, or compare with the original model instead.");
    }

    /// <inheritdoc/>
    public string Metric => "top-1 accuracy, percent";

    /// <inheritdoc/>
    public Task<Evaluation> EvaluateAsync(ReadOnlyMemory<byte> model, CancellationToken cancellationToken) =>
        Task.Run(() => Evaluate(model, cancellationToken), cancellationToken);

    private Evaluation Evaluate(ReadOnlyMemory<byte> model, CancellationToken cancellationToken)
    {
        var feeder = new SampleFeeder(OnnxFile.Read(model.Span), _samples);
        using var runner = new GraphRunner(model.ToArray());
        var (top5, classes) = (0, 0);
        var outcomes = new bool[_samples.Count];
        foreach (var (feeds, start, count) in feeder.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var output = runner.Run(feeds)[0];
            var values = output.ToFloats();
            classes = RequireClasses(output, count);
            for (var i = 0; i < count; i++)
            {
                var rank = Rank(values.AsSpan(i * classes, classes), RequireLabel(start + i, classes));
                outcomes[start + i] = rank == 0;
                top5 += rank < 5 ? 1 : 0;
            }
        }

        return Result(outcomes, top5, classes);
    }

    private Evaluation Result(bool[] outcomes, int top5, int classes)
    {
        var correct = outcomes.Count(right => right);
        var details = new Dictionary<string, double>
        {
            ["top1"] = 100.0 * correct / _samples.Count,
            ["top5"] = 100.0 * top5 / _samples.Count,
            ["correct"] = correct,
            ["classes"] = classes,
        };
        return new Evaluation(details["top1"], _samples.Count, details) { Outcomes = outcomes };
    }

    // How many classes come before the label's: those with a higher value, and on a tie those with a lower number.
    private static int Rank(ReadOnlySpan<float> values, int label)
    {
        if (float.IsNaN(values[label]))
        {
            return int.MaxValue;
        }

        var rank = 0;
        for (var c = 0; c < values.Length; c++)
        {
            rank += values[c] > values[label] || (values[c] == values[label] && c < label) ? 1 : 0;
        }

        return rank;
    }

    private int RequireLabel(int index, int classes) => _labels[index] < classes
        ? _labels[index]
        : throw new InputException(ErrorCode.LabelMismatch, $"Label {index} is {_labels[index]}, but the model's first output has {classes} classes, numbered from 0. Give labels that belong to this model.");

    private static int RequireClasses(Tensor output, int count) =>
        output.Rank >= 1 && output.Dims[0] == count && output.Count / count == output.Dims[1..].ToArray().DefaultIfEmpty(1).Max()
            ? (int)(output.Count / count)
            : throw new InputException(ErrorCode.LabelMismatch,
                $"The model's first output has shape [{string.Join(", ", output.Dims.ToArray())}] for {count} samples; labels need [{count}, classes]. Compare with the original model instead, or score it with a command of your own.");
}
