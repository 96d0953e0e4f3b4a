using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Looks for the most accurate integers: every step is tried on the best so far and stays only if it brings the outputs nearer
/// to the float model's, on samples that nothing else sees.
/// </summary>
internal sealed class QuantizationSearch
{
    private const int MostCorrected = 128;
    private const int FewestCorrected = 8;
    private const int ValuesAtOnce = 6;
    private const long CorrectionBytes = 24L << 20;

    // Ranges that clip are at the mercy of values that no sample showed.
    private const double GainForRisk = 0.1;

    private static readonly double[] Powers = [0.5, 1];

    private static readonly CalibrationMethod[] Methods =
        [CalibrationMethod.MinMax, CalibrationMethod.Mse, CalibrationMethod.Percentile, CalibrationMethod.MovingAverage, CalibrationMethod.Entropy];

    private readonly JudgedSamples _samples;
    private readonly QuantizationOptions _options;
    private readonly Model _original;
    private OutputJudge _judge;
    private readonly CancellationToken _cancellation;
    private readonly List<QuantizationStep> _steps = [];
    private double[] _errors;

    private QuantizationSearch(Model original, (QuantizationRecipe Recipe, QuantizationAttempt Attempt) start, JudgedSamples samples, QuantizationOptions options, CancellationToken cancellationToken)
    {
        (_samples, _options, _cancellation) = (samples, options, cancellationToken);
        (Best, Attempt) = start;
        _original = original;
        _judge = new OutputJudge(original, samples.ForRanges(Attempt.Units.Where(u => u.Weight is not null).Sum(u => UnitWork.Of(Best, Attempt.NameOf(u)))), cancellationToken);
        _errors = _judge.Errors(Attempt.Model, _cancellation);
        _steps.Add(new QuantizationStep($"ranges by {Best.Method}, nearest integers", _errors.Average(), IsTaken: true));
    }

    /// <summary>The best recipe so far.</summary>
    private QuantizationRecipe Best { get; set; }

    /// <summary>What the best recipe gives.</summary>
    private QuantizationAttempt Attempt { get; set; }

    /// <summary>Searches.</summary>
    /// <param name="original">The float model.</param>
    /// <param name="start">A recipe whose units ONNX Runtime merges, and what it gives.</param>
    /// <param name="samples">Samples to fit and to judge on.</param>
    /// <param name="how">What may be tried, and what may be lost.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The best recipe and what was tried.</returns>
    public static (QuantizationRecipe Recipe, IReadOnlyList<QuantizationStep> Steps) Run(
        Model original, (QuantizationRecipe Recipe, QuantizationAttempt Attempt) start, JudgedSamples samples, (QuantizationOptions Options, QuantizationLimit? Limit) how, CancellationToken cancellationToken)
    {
        var search = new QuantizationSearch(original, start, samples, how.Options, cancellationToken);
        search.Search();
        if (how.Limit is null)
        {
            return (search.Best, search._steps);
        }

        var (recipe, steps) = LimitSearch.Run(search.Best, search.Attempt, how.Limit, search._judge, cancellationToken);
        return (recipe, [.. search._steps, .. steps]);
    }

    private void Search()
    {
        if (_options.BalanceChannels)
        {
            TryBalance();
            TryAbsorb();
        }

        if (_options.Method == CalibrationMethod.Auto)
        {
            foreach (var method in Methods)
            {
                Try($"ranges by {method}", Best with { Method = method }, GainForRisk);
            }
        }

        if (_options.ClipWeights || _options.CompensateRounding || _options.CorrectBias)
        {
            // What is fitted to samples is judged by others.
            _judge = new OutputJudge(_original, _samples.Judge, _cancellation);
            _errors = _judge.Errors(Attempt.Model, _cancellation);
            Try("weights rounded by their inputs", WeightRounding.Apply(Best, Attempt, _samples.Fit, _options, _cancellation));
        }

        if (_options.CorrectBias)
        {
            var few = SampleSubset.Range(_samples.Fit, 0, Corrected());
            Try("biases corrected layer by layer", BiasCorrection.Apply(Best, few, _cancellation));
        }
    }

    // All samples go through the model together, layer after layer: as many as fit.
    private int Corrected()
    {
        var largest = Best.Statistics.Values.Values.Max(v => v.Count) * sizeof(float);
        return (int)Math.Clamp(CorrectionBytes / (ValuesAtOnce * Math.Max(1, largest)), FewestCorrected, MostCorrected);
    }

    private void TryBalance()
    {
        var (prepared, statistics) = (Best.Prepared, Best.Statistics);
        var peaks = ChannelBalance.Peaks(prepared, statistics, Attempt.Parameters.Keys, _samples.All, _cancellation);
        foreach (var power in Powers)
        {
            if (ChannelBalance.Apply(prepared, statistics, peaks, power) is { } balanced)
            {
                Try($"channels balanced, power {power}", On(balanced));
            }
        }
    }

    private void TryAbsorb()
    {
        if (BiasAbsorption.Apply(Best.Prepared, Best.Statistics, [.. Attempt.Parameters.Keys], _samples.All, _cancellation) is { } absorbed)
        {
            Try("high biases absorbed", On(absorbed));
        }
    }

    private QuantizationRecipe On(Model prepared) => Best with { Prepared = prepared, Statistics = CalibrationPass.Run(prepared, _samples.All, Best.KeepFloat, _cancellation) };

    private void Try(string name, QuantizationRecipe recipe, double leastGain = 0)
    {
        _cancellation.ThrowIfCancellationRequested();
        var attempt = QuantizationAttempt.Make(recipe);
        double[] goal = [.. _errors.Select(e => (1 - leastGain) * e)];
        var errors = _judge.ErrorsUnlessFarther(attempt.Model, goal, _cancellation);
        var isBetter = errors.Length == goal.Length && errors.Average() < goal.Average() && OutputJudge.IsNearer(errors, _errors);
        _steps.Add(new QuantizationStep(name, errors.Average(), isBetter) { Before = _errors.Take(errors.Length).Average() });
        if (isBetter)
        {
            (Best, Attempt, _errors) = (recipe, attempt, errors);
        }
    }
}
