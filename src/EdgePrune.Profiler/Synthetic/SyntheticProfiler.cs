using System.Security.Cryptography;
using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>
/// Measures on a synthetic device, with the same stages, statistics and verdict as on a real one. Nothing is read or waited for; the
/// same seed gives the same report.
/// </summary>
/// <param name="device">The device.</param>
/// <param name="workOf">What a model costs, by its path.</param>
/// <param name="seed">Seed of the noise. Each measurement goes on where the one before it stopped.</param>
public sealed class SyntheticProfiler(SyntheticDevice device, Func<string, SyntheticWork> workOf, int seed) : IModelProfiler
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (settings.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The profile settings are faulty: {string.Join(" ", faults)}");
        }

        return Task.FromResult(Measure(modelPath, settings, workOf(modelPath)));
    }

    private ProfileReport Measure(string modelPath, ProfileSettings settings, SyntheticWork work)
    {
        var clock = new SyntheticClock(DateTimeOffset.UnixEpoch);
        var run = new SyntheticRun(device, work, clock, _random);
        var pacer = settings.Period is { } period ? new Pacer(clock, period, run.Idle) : null;
        run.Idle(device.Latency(work) * 3);
        var creation = TimeSpan.FromTicks(clock.GetTimestamp() / TimeSpan.NanosecondsPerTick);
        var first = clock.GetTimestamp();
        run.Infer();
        var cold = new ColdStart(creation, clock.GetElapsedTime(first)) { ProcessToSession = creation };
        var warmup = new WarmupStage(clock, WarmupRules.From(settings)) { Pacer = pacer }.Run(run.Infer);
        run.Idle(Rest);
        var before = run.Snapshot();
        var joules = run.Joules;
        var windows = new WindowStage(clock, WindowRules.From(settings), settings.Windows) { Pacer = pacer }.Run(run.Infer, device.TellsWaiting ? run.Waited : null);
        joules = run.Joules - joules;
        var after = run.Snapshot();
        var latency = WindowSummary.Latency(windows, clock.TimestampFrequency, settings.Confidence);
        var report = new ProfileReport
        {
            ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(modelPath))),
            FileSize = new ByteSize((long)work.Bytes),
            Settings = settings,
            StartedAt = DateTimeOffset.UnixEpoch,
            Cold = cold,
            Warmup = warmup,
            Latency = latency,
            Windows = [.. windows.Select(w => WindowSummary.OfWindow(w, clock.TimestampFrequency) with { Collections = 0 })],
            Memory = new MemoryUse(new(work.PeakBytes), new(work.PeakBytes), new(0), new(0)),
            ManagedBytesPerRun = 0,
            Energy = Energy(joules, windows, clock),
            Conditions = Conditions(settings, clock, before, after, !device.TellsThrottling ? null : run.EverThrottled ? ["throttled"] : []) with
            {
                RunQueuePercent = SchedulerWait.Percent(windows, clock.TimestampFrequency),
            },
            Verdict = new RunVerdict(RunValidity.Invalid, []),
        };
        return report with
        {
            Verdict = ValidityJudge.Judge(new ValidityEvidence
            {
                Conditions = report.Conditions, Warmup = warmup, Windows = report.Windows, ManagedBytesPerRun = 0,
            }),
        };
    }

    private EnergyUse Energy(double joules, IReadOnlyList<MeasuredWindow> windows, SyntheticClock clock)
    {
        // Each window makes one run more than it times.
        var runs = windows.Sum(w => w.Times.Count + 1);
        var seconds = clock.GetElapsedTime(windows[0].From, windows[^1].To).TotalSeconds;
        return new EnergyUse("synthetic", new Energy(joules / runs), new Energy(Math.Max(0, joules - (device.IdleWatts * seconds)) / runs), 1, Estimated: false)
        {
            IdleWatts = [device.IdleWatts, device.IdleWatts],
        };
    }

    private static RunConditions Conditions(ProfileSettings settings, SyntheticClock clock, ConditionSnapshot before, ConditionSnapshot after, string[]? throttling)
    {
        var conditions = new RunConditions { Machine = "synthetic", Processors = settings.Threads, OnnxRuntimeVersion = "none", Fingerprint = "" };
        var complete = ConditionsReader.Complete(clock, conditions, before, before, after) with
        {
            Throttling = throttling,
        };
        return complete with { Fingerprint = RunFingerprint.Of(complete, settings) };
    }
}
