using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A short trial: the model at three rates, in int8 and in what else suits it, on a few samples, so that advice rests on more than counts.</summary>
public static class AdviceProbe
{
    private const int MostSamples = 128;
    private static readonly double[] Rates = [0.3, 0.5, 0.7];

    /// <summary>Runs the trial.</summary>
    /// <param name="model">The model as it was loaded; not changed.</param>
    /// <param name="samples">Samples; labels are not looked at. Half of at most 256 are fitted on, half are scored.</param>
    /// <param name="target">The device it is for.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="EdgePruneException">The samples do not fit the model, or the model cannot run.</exception>
    public static async Task<ProbeResult> RunAsync(Model model, ISampleSource samples, Target target, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(target);
        var drawn = SampleSubset.Random(samples, 2 * MostSamples, seed: 1);
        var half = Math.Max(1, drawn.Count / 2);
        var (fitted, scored) = (SampleSubset.Range(drawn, 0, half), drawn.Count > 1 ? SampleSubset.Range(drawn, half, drawn.Count - half) : drawn);
        if (IntegerOperators.IsQuantized(model))
        {
            return new ProbeResult(fitted.Count, scored.Count, [], null);
        }

        using var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(model), scored);
        var pipeline = new CompressionPipeline(model, fitted);
        var points = await PruneAsync(pipeline, evaluator, target, progress, cancellationToken).ConfigureAwait(false);
        var int8 = await QuantizeAsync(model, fitted, evaluator, progress, cancellationToken).ConfigureAwait(false);
        var others = await ConvertAsync(model, PrecisionTable.Suiting(pipeline.Analysis, target), evaluator, progress, cancellationToken).ConfigureAwait(false);
        return new ProbeResult(fitted.Count, scored.Count, points, int8) { Precisions = others };
    }

    private static async Task<List<ProbePoint>> PruneAsync(CompressionPipeline pipeline, AgreementEvaluator evaluator, Target target, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        List<ProbePoint> points = [];
        foreach (var rate in pipeline.Analysis.Groups.Count == 0 ? [] : Rates)
        {
            progress?.Report($"rate {AdviceWords.Rate(rate)}");
            var result = await pipeline.RunAsync(new CompressionOptions { Rate = rate, Target = target, CalibrationSamples = MostSamples }, null, cancellationToken).ConfigureAwait(false);
            var score = await evaluator.EvaluateAsync(result.Bytes, cancellationToken).ConfigureAwait(false);
            var error = result.Recovery is not { } recovery ? 0 : recovery.Kept ? recovery.ErrorAfter : recovery.ErrorBefore;
            points.Add(new ProbePoint(rate, error, score.Score, (double)result.After.Macs / Math.Max(1, result.Before.Macs)));
        }

        return points;
    }

    private static async Task<Int8Probe> QuantizeAsync(Model model, ISampleSource fitted, AgreementEvaluator evaluator, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report("int8");
        // Scored on this machine: unsigned activations, so that an x64 host computes what the integers say.
        var options = new QuantizationOptions { SignedActivations = false };
        var quantized = await Task.Run(() => StaticQuantizer.Quantize(model, fitted, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        var score = await evaluator.EvaluateAsync(OnnxFile.ToBytes(quantized.Model), cancellationToken).ConfigureAwait(false);
        return new Int8Probe(score.Score, quantized.Report.IntegerNodes, quantized.Report.FloatNodes);
    }

    private static async Task<List<PrecisionProbe>> ConvertAsync(Model model, IReadOnlyList<Precision> suiting, AgreementEvaluator evaluator, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        List<PrecisionProbe> probes = [];
        foreach (var form in suiting.Select(PrecisionTable.Of).Where(f => f.Conversion is not null))
        {
            progress?.Report(form.Name);
            var converted = await Task.Run(() => form.Conversion!.Convert(model, cancellationToken), cancellationToken).ConfigureAwait(false);
            var bytes = OnnxFile.ToBytes(converted.Model);
            var score = await evaluator.EvaluateAsync(bytes, cancellationToken).ConfigureAwait(false);
            probes.Add(new PrecisionProbe(form.Precision, score.Score, bytes.Length));
        }

        return probes;
    }
}
