using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>A candidate while it is being tried: its trial record and what is needed to ship it.</summary>
internal sealed record Candidate(Trial Trial, CompressionResult Result, BundleFile? Bundle);

/// <summary>Tries one rate in every precision: on the host first, then on the device what can still meet the budget.</summary>
internal sealed class TrialRunner(CompressionPipeline pipeline, IDeviceClient device, IBundler bundler, IEvaluator evaluator, TuningOptions options)
{
    // For the whole search: a device that never settles should not hold it up at every candidate.
    private const int MaxRepeats = 3;

    /// <summary>How long a disturbed device is left alone. Pressure is a mean over ten seconds; sooner, the device would still report what is over.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly List<Candidate> _candidates = [];
    private int _repeats;

    /// <summary>Runs on the device so far.</summary>
    public int DeviceRuns { get; private set; }

    /// <summary>All candidates, in the order they were tried.</summary>
    public IReadOnlyList<Candidate> Candidates => _candidates;

    /// <summary>The bundle that was pushed last, whether the device could measure it or not.</summary>
    public BundleFile? LastPushed { get; private set; }

    public required IProgress<TuningEvent>? Progress { get; init; }

    public required TimeProvider Clock { get; init; }

    private BudgetJudge? Judge { get; set; }

    /// <summary>Measures the original, which relative limits refer to.</summary>
    public async Task<(Trial Trial, BundleFile Bundle)> RunOriginalAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Say("original: measuring accuracy");
        var score = await evaluator.EvaluateAsync(bytes, cancellationToken);
        Say("original: measuring on the device");
        var bundle = bundler.Pack(bytes, new Dictionary<string, string> { ["rate"] = "0", ["precision"] = nameof(Precision.Float32) });
        var profile = await MeasureAsync(bundle, options.Profile, cancellationToken);
        Judge = new BudgetJudge(options.Budget, profile, score);
        var analysis = pipeline.Analysis;
        var trial = Describe(0, 0, Precision.Float32, bytes, score) with
        {
            Parameters = analysis.Cost.Parameters,
            Macs = analysis.Cost.Macs,
            Widths = [.. analysis.Groups.Select(g => new GroupWidth(g.Name, g.Channels.Count, g.Channels.Count))],
            Profile = profile,
        };
        return (Close(trial with { Checks = [.. Judge.OnHost(trial.FileSize, score), .. Judge.OnDevice(profile)] }), bundle);
    }

    /// <summary>Tries a rate. The most accurate candidate goes to the device first; when it meets the budget the others need not.</summary>
    public async Task<RateVerdict> RunRateAsync(double rate, CancellationToken cancellationToken)
    {
        List<Candidate> prepared = [];
        // Precisions whose channels are rounded alike follow each other: they share what the pipeline made last.
        foreach (var precision in options.Precisions.OrderBy(p => PrecisionTable.Of(p).Quanta, StringComparer.Ordinal))
        {
            var result = await CompressAsync(rate, precision, cancellationToken);
            if (prepared.Exists(c => c.Trial.Precision == result.Precision))
            {
                Say($"rate {rate:0.##}, {Name(precision)}: left out, as nothing that is left can be converted");
                continue;
            }

            prepared.Add(await PrepareAsync(rate, result, cancellationToken));
        }

        List<Candidate> done = [];
        foreach (var candidate in prepared.OrderByDescending(c => c.Trial.Score).ThenBy(c => c.Trial.FileSize.Bytes))
        {
            if (done.Exists(c => c.Trial.Status == TrialStatus.MeetsBudget))
            {
                break;
            }

            done.Add(await FinishAsync(candidate, cancellationToken));
        }

        return Verdict(done);
    }

    private Task<CompressionResult> CompressAsync(double rate, Precision precision, CancellationToken cancellationToken)
    {
        var compression = options.Compression with { Rate = rate, Precision = precision };
        return pipeline.RunAsync(compression, new Relay(step => Say($"rate {rate:0.##}, {Name(precision)}: {step}")), cancellationToken);
    }

    private async Task<Candidate> PrepareAsync(double rate, CompressionResult result, CancellationToken cancellationToken)
    {
        Say($"rate {rate:0.##}, {Name(result.Precision)}: measuring accuracy");
        var score = await evaluator.EvaluateAsync(result.Bytes, cancellationToken);
        var trial = Describe(-1, rate, result.Precision, result.Bytes, score) with
        {
            Widths = result.Widths,
            Parameters = result.After.Parameters,
            Macs = result.After.Macs,
            Checks = Judge!.OnHost(new ByteSize(result.Bytes.Length), score),
        };
        return new Candidate(trial, result, null);
    }

    private async Task<Candidate> FinishAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var trial = candidate.Trial with { Index = _candidates.Count + 1 };
        var finished = candidate with { Trial = trial };
        if (_candidates.Find(c => c.Trial.ModelSha256 == trial.ModelSha256 && c.Bundle is not null) is { } same)
        {
            // Another rate led to the very same model: what was measured holds.
            finished = same with { Trial = same.Trial with { Index = trial.Index, Rate = trial.Rate } };
        }
        else if (trial.Checks.All(c => c.Met) && DeviceRuns < options.MaxDeviceRuns)
        {
            finished = await TryOnDeviceAsync(finished, cancellationToken);
        }
        else
        {
            finished = finished with { Trial = trial with { Status = TrialStatus.RefusedByHost } };
        }

        _candidates.Add(finished);
        Progress?.Report(new TuningEvent.TrialFinished(finished.Trial));
        return finished;
    }

    private async Task<Candidate> TryOnDeviceAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var trial = candidate.Trial;
        Say($"rate {trial.Rate:0.##}, {Name(trial.Precision)}: measuring on the device");
        var bundle = bundler.Pack(candidate.Result.Bytes, Notes(trial));
        try
        {
            var measured = await JudgeAsync(trial, bundle, options.Profile, cancellationToken);
            if (BudgetJudge.IsUndecided(measured.Checks) && DeviceRuns < options.MaxDeviceRuns)
            {
                Say($"rate {trial.Rate:0.##}, {Name(trial.Precision)}: within the limit, but not surely; measuring longer");
                measured = await JudgeAsync(trial, bundle, options.Profile with { Windows = 2 * options.Profile.Windows }, cancellationToken);
            }

            return candidate with { Bundle = bundle, Trial = measured };
        }
        catch (DeviceException e)
        {
            return candidate with { Trial = trial with { Status = TrialStatus.FailedOnDevice, Failure = e.Message } };
        }
    }

    private async Task<Trial> JudgeAsync(Trial trial, BundleFile bundle, ProfileSettings settings, CancellationToken cancellationToken)
    {
        var profile = await MeasureAsync(bundle, settings, cancellationToken);
        return Close(trial with { Profile = profile, Checks = [.. trial.Checks, .. Judge!.OnDevice(profile)] });
    }

    private async Task<ProfileReport> MeasureAsync(BundleFile bundle, ProfileSettings settings, CancellationToken cancellationToken)
    {
        DeviceRuns++;
        LastPushed = bundle;
        var profile = await device.MeasureAsync(bundle, settings, cancellationToken);
        while (profile.Verdict.Validity == RunValidity.Invalid && _repeats < MaxRepeats && DeviceRuns < options.MaxDeviceRuns)
        {
            // An invalid run says nothing of the model: it is measured again once the device has settled.
            _repeats++;
            DeviceRuns++;
            Say("the run was disturbed; waiting for the device to settle");
            await Task.Delay(Settling, Clock, cancellationToken);
            profile = await device.MeasureAsync(bundle, settings, cancellationToken);
        }

        return profile;
    }

    // An accurate candidate that costs too much says: more. Otherwise accuracy was lost, which says: less.
    private static RateVerdict Verdict(List<Candidate> candidates)
    {
        if (candidates.Exists(c => c.Trial.Status == TrialStatus.MeetsBudget))
        {
            return RateVerdict.Meets;
        }

        return candidates.Exists(c => c.Trial.Checks.Single(k => k.Name == "accuracyLoss").Met) ? RateVerdict.TooCostly : RateVerdict.TooInaccurate;
    }

    private static Trial Close(Trial trial)
    {
        var usable = trial.Profile!.Verdict.Validity != RunValidity.Invalid;
        return trial with
        {
            Status = usable && trial.Checks.All(c => c.Met) ? TrialStatus.MeetsBudget : TrialStatus.BreaksBudget,
            Failure = usable ? null : "The run is invalid: " + string.Join(" ", trial.Profile.Verdict.Reasons),
        };
    }

    private static Trial Describe(int index, double rate, Precision precision, ReadOnlyMemory<byte> bytes, Evaluation score) => new()
    {
        Index = index,
        Rate = rate,
        Precision = precision,
        Widths = [],
        Parameters = 0,
        Macs = 0,
        ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span)),
        FileSize = new ByteSize(bytes.Length),
        Score = score.Score,
        Checks = [],
        Status = TrialStatus.BreaksBudget,
    };

    private static Dictionary<string, string> Notes(Trial trial) => new(StringComparer.Ordinal)
    {
        ["rate"] = trial.Rate.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["precision"] = trial.Precision.ToString(),
    };

    private static string Name(Precision precision) => PrecisionTable.Of(precision).Name;

    private void Say(string text) => Progress?.Report(new TuningEvent.StepStarted(text));

    private sealed class Relay(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
