using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Says how far what a model gives is from the float model's, sample by sample, and whether one model is surely nearer than another.</summary>
internal sealed class OutputJudge
{
    // Standard errors; a smaller gain may be the luck of these samples.
    private const double Surely = 1;

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
    public double[] Errors(Model candidate, CancellationToken cancellationToken)
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

        double[] gains = [.. than.Zip(errors, (a, b) => Math.Sqrt(a) - Math.Sqrt(b))];
        var mean = gains.Average();
        var deviation = Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / Math.Max(1, gains.Length - 1));
        return mean > Surely * deviation / Math.Sqrt(gains.Length);
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
