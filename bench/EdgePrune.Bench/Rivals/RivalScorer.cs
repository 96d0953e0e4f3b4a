using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Scores candidates of one model on the same labelled samples, beside what the original answers.</summary>
internal sealed class RivalScorer
{
    private readonly SampleFeeder _feeder;
    private readonly IReadOnlyList<int> _labels;
    private readonly List<float[]> _answers;

    public RivalScorer(Model original, ISampleSource samples)
    {
        _feeder = new SampleFeeder(original, samples);
        _labels = samples.Labels!;
        _answers = Answers(original);
        Original = Compare(_answers).Accuracy;
    }

    /// <summary>Accuracy of the original in percent.</summary>
    public double Original { get; }

    public int Count => _labels.Count;

    public RivalScore Score(Model candidate) => Compare(Answers(candidate));

    private List<float[]> Answers(Model model)
    {
        using var runner = new GraphRunner(model);
        List<float[]> answers = [];
        foreach (var (feeds, _, count) in _feeder.Batches())
        {
            var output = runner.Run(feeds)[0].ToFloats();
            answers.AddRange(output.Chunk(output.Length / count));
        }

        return answers;
    }

    private RivalScore Compare(List<float[]> answers)
    {
        var (right, alike) = (new double[answers.Count], new double[answers.Count]);
        var (difference, energy, largest) = (0.0, 0.0, 0.0);
        for (var i = 0; i < answers.Count; i++)
        {
            var (expected, actual) = (_answers[i], answers[i]);
            var best = Best(actual);
            right[i] = best == _labels[i] ? 1 : 0;
            alike[i] = best == Best(expected) ? 1 : 0;
            for (var c = 0; c < actual.Length; c++)
            {
                difference += Math.Pow((double)expected[c] - actual[c], 2);
                largest = Math.Max(largest, Math.Abs((double)expected[c] - actual[c]));
                energy += (double)expected[c] * expected[c];
            }
        }

        return new RivalScore(100 * right.Average(), 100 * alike.Average(), difference / energy) { LargestChange = largest, Right = right, Alike = alike };
    }

    // The lowest number on a tie; -1, which is no class, when a value is no number.
    private static int Best(float[] values) => values.Any(float.IsNaN) ? -1 : Array.IndexOf(values, values.Max());
}

/// <summary>How good a candidate is.</summary>
/// <param name="Accuracy">Top-1 in percent.</param>
/// <param name="Agreement">Share of decisions that are the original's, in percent.</param>
/// <param name="OutputError">Summed squared difference from the original's outputs over their summed squares.</param>
internal sealed record RivalScore(double Accuracy, double Agreement, double OutputError)
{
    /// <summary>Largest change of one value of the outputs.</summary>
    public double LargestChange { get; init; }

    /// <summary>For each sample 1 where the decision is its label, else 0.</summary>
    public double[] Right { get; init; } = [];

    /// <summary>For each sample 1 where the decision is the original's, else 0.</summary>
    public double[] Alike { get; init; } = [];
}
