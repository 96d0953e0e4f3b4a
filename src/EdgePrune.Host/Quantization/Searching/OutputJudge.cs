using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Says how far what a model gives is from the float model's, sample by sample, and whether one model is surely nearer than another.</summary>
internal sealed class OutputJudge
{
    // Standard errors; a smaller gain may be the luck of these samples.
    private const double Surely = 1;

    // Standard errors; a candidate that is so much farther after some of the samples will not be nearer after all of them.
    private const double Hopeless = 3;
    private const int FewestSeen = 16;

    private readonly SampleFeeder _feeder;
    private readonly List<IReadOnlyList<Tensor>> _expected = [];
    private readonly double _energy;

    /// <summary>Runs the float model.</summary>
    /// <param name="original">The float model.</param>
    /// <param name="samples">Samples to judge by.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public OutputJudge(Model original, ISampleSource samples, CancellationToken cancellationToken)
    {
        _feeder = new SampleFeeder(original, samples, SampleFeeder.Few);
        using var runner = new GraphRunner(JudgedOutputs.Of(original));
        foreach (var (feeds, start, count) in _feeder.Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            FiniteFeeds.Require(feeds, start, count);
            _expected.Add([.. runner.Run(feeds).Where(t => t.ElementType.IsFloat())]);
        }

        var squares = _expected.SelectMany(b => b).Sum(t => t.ToFloats().Sum(v => (double)v * v));
        _energy = squares > 0 ? squares / samples.Count : 1;
    }

    /// <summary>Each sample's squared difference of the outputs, over the mean squares of the float model's.</summary>
    /// <param name="candidate">The model.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public double[] Errors(Model candidate, CancellationToken cancellationToken) => Errors(candidate, _ => false, cancellationToken);

    /// <summary>
    /// The same, of no more samples than it takes to see that the candidate is surely not nearer. Most candidates of a search are not, and fall out after a few batches.
    /// </summary>
    /// <param name="candidate">The model.</param>
    /// <param name="than">Errors of all samples that the candidate's have to be smaller than.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Errors of the first samples; of all unless the candidate fell out.</returns>
    public double[] ErrorsUnlessFarther(Model candidate, double[] than, CancellationToken cancellationToken) => Errors(candidate, errors => IsHopeless(errors, than), cancellationToken);

    private double[] Errors(Model candidate, Func<List<double>, bool> isEnough, CancellationToken cancellationToken)
    {
        List<double> errors = [];
        using var runner = new GraphRunner(JudgedOutputs.Of(candidate));
        foreach (var (batch, (feeds, _, count)) in _feeder.Batches().Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sums = new double[count];
            foreach (var (expected, actual) in _expected[batch].Zip(runner.Run(feeds).Where(t => t.ElementType.IsFloat())))
            {
                Add(expected.ToFloats(), actual.ToFloats(), sums);
            }

            errors.AddRange(sums.Select(s => s / _energy));
            if (isEnough(errors))
            {
                break;
            }
        }

        return [.. errors];
    }

    /// <summary>
    /// Whether errors are surely smaller than others of the same samples: their mean is, and that of their roots is by more than the
    /// standard error of the differences. A few samples at the border of two classes can bear most of the squares.
    /// </summary>
    public static bool IsNearer(double[] errors, double[] than)
    {
        if (!(errors.Average() < than.Average()))
        {
            return false;
        }

        var (mean, error) = Gain(errors, than);
        return mean > Surely * error;
    }

    private static bool IsHopeless(List<double> errors, double[] than)
    {
        var (mean, error) = Gain(errors, than);
        return errors.Count >= FewestSeen && mean < -Hopeless * error;
    }

    // Mean by which the roots are smaller, and its standard error.
    private static (double Mean, double Error) Gain(IReadOnlyList<double> errors, double[] than)
    {
        double[] gains = [.. than.Zip(errors, (a, b) => Math.Sqrt(a) - Math.Sqrt(b))];
        var mean = gains.Average();
        var deviation = Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / Math.Max(1, gains.Length - 1));
        return (mean, deviation / Math.Sqrt(gains.Length));
    }

    // An output that has no batch of its own counts evenly.
    private static void Add(float[] expected, float[] actual, double[] sums)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var d = (double)expected[i] - actual[i];
            sums[(int)((long)i * sums.Length / expected.Length)] += double.IsFinite(d) ? d * d : 1e9;
        }
    }
}
