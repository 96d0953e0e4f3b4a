using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Searches the lowest rate that meets a budget, with the device's own measurements deciding: compress, push, profile,
/// pick, until the picker has converged.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="bundler">Packs and signs candidates.</param>
/// <param name="evaluator">Scores candidates on the host.</param>
/// <param name="clock">The clock of the report's duration and of waiting for a disturbed device.</param>
public sealed class TuningLoop(IDeviceClient device, IBundler bundler, IEvaluator evaluator, TimeProvider clock)
{
    /// <summary>Who trains candidates and measures gradients, or null when nobody does. <value>Default: null.</value></summary>
    public ITrainer? Trainer { get; init; }

    /// <summary>Samples that training does not see and that decide whether what it learnt is kept; null for those that decide on the repair. <value>Default: null.</value></summary>
    public ISampleSource? HeldOut { get; init; }

    /// <summary>Runs the search and leaves the best model active on the device.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration.</param>
    /// <param name="options">Budget, compression and limits of the search.</param>
    /// <param name="progress">Told of steps and trials, or null.</param>
    /// <param name="cancellationToken">Stops the search; the device keeps what it runs.</param>
    /// <returns>The report, and the picked model with its bundle.</returns>
    /// <exception cref="EdgePruneException">Options, model or samples cannot be used, or the original cannot be measured.</exception>
    public Task<TuningResult> RunAsync(Model model, ISampleSource samples, TuningOptions options, IProgress<TuningEvent>? progress, CancellationToken cancellationToken) =>
        RunAsync(TuningStart.Of(model, samples, options, cancellationToken), progress, cancellationToken);

    /// <summary>Runs a search that was prepared, and leaves the best model active on the device.</summary>
    /// <param name="start">The start of the search.</param>
    /// <param name="progress">Told of steps and trials, or null.</param>
    /// <param name="cancellationToken">Stops the search; the device keeps what it runs.</param>
    /// <returns>The report, and the picked model with its bundle.</returns>
    /// <exception cref="EdgePruneException">Nobody trains what is to be trained, the samples cannot be used, or the original cannot be measured.</exception>
    public async Task<TuningResult> RunAsync(TuningStart start, IProgress<TuningEvent>? progress, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var (model, options) = (start.Model, start.Options);
        var pipeline = new CompressionPipeline(start.Analysis, start.Samples) { Trainer = Trainer, HeldOut = HeldOut, KeepsRepaired = true };
        pipeline.Require(options.Compression);
        var runner = new TrialRunner(pipeline, device, bundler, evaluator, options) { Progress = progress, Clock = clock };
        var (original, originalBundle) = await runner.RunOriginalAsync(OnnxFile.ToBytes(model), cancellationToken);
        progress?.Report(new TuningEvent.TrialFinished(original));

        var outcome = await SearchAsync(runner, pipeline, original, options, cancellationToken);
        var picked = Pick(runner.Candidates, original);
        var bundle = picked is null ? originalBundle : await ActivateAsync(picked, runner.LastPushed, cancellationToken);
        var report = new TuningReport
        {
            Model = model.Name,
            DeviceName = device.Name,
            Target = options.Compression.Target?.Name ?? "any",
            Budget = options.Budget,
            Metric = evaluator.Metric,
            Seed = options.Compression.Seed,
            Original = original,
            Trials = [.. runner.Candidates.Select(c => c.Trial)],
            Outcome = outcome,
            Picked = picked?.Trial.Index ?? (original.Status == TrialStatus.MeetsBudget ? original.Index : null),
            LeftOut = start.LeftOut,
            DeviceRuns = runner.DeviceRuns,
            Pins = [.. pipeline.Analysis.Pins.Select(p => p.ToString())],
            Seconds = clock.GetElapsedTime(started).TotalSeconds,
        };
        return new TuningResult(report, picked?.Result, bundle);
    }

    private static async Task<TuningOutcome> SearchAsync(TrialRunner runner, CompressionPipeline pipeline, Trial original, TuningOptions options, CancellationToken cancellationToken)
    {
        if (original.Status == TrialStatus.MeetsBudget)
        {
            return TuningOutcome.Converged;
        }

        var ladder = RateLadder.Build(pipeline, options);
        List<(int Candidate, RateVerdict Verdict)> history = [];
        while (true)
        {
            var decision = RatePicker.Decide(ladder.Rates.Count, history);
            if (decision.Next is not { } next)
            {
                return decision.Outcome!.Value;
            }

            if (runner.DeviceRuns >= options.MaxDeviceRuns)
            {
                return TuningOutcome.OutOfRuns;
            }

            history.Add((next, await runner.RunRateAsync(ladder.Rates[next], cancellationToken)));
        }
    }

    // The most accurate that meets the budget, the smaller file between equals; without one the nearest miss that ran.
    private static Candidate? Pick(IReadOnlyList<Candidate> candidates, Trial original)
    {
        var met = candidates.Where(c => c.Trial.Status == TrialStatus.MeetsBudget).ToList();
        if (met.Count > 0 || original.Status == TrialStatus.MeetsBudget)
        {
            return met.OrderByDescending(c => c.Trial.Score).ThenBy(c => c.Trial.FileSize.Bytes).FirstOrDefault();
        }

        return candidates.Where(c => c.Bundle is not null).MinBy(c => Excess(c.Trial));
    }

    /// <summary>How far the worst limit is exceeded, as a share of the limit.</summary>
    private static double Excess(Trial trial) => trial.Checks
        .Select(c => c.UpperBound is { } upper && c.Limit > 0 ? upper / c.Limit : double.PositiveInfinity)
        .DefaultIfEmpty(double.PositiveInfinity)
        .Max();

    // The device runs what was pushed last; another pick is signed anew, because versions only grow.
    private async Task<BundleFile> ActivateAsync(Candidate picked, BundleFile? lastPushed, CancellationToken cancellationToken)
    {
        if (lastPushed == picked.Bundle)
        {
            return picked.Bundle!;
        }

        var bundle = bundler.Pack(picked.Result.Bytes, ManifestSignatures.Parse(picked.Bundle!.Manifest.Payload).Notes);
        await device.InstallAsync(bundle, cancellationToken);
        return bundle;
    }
}
