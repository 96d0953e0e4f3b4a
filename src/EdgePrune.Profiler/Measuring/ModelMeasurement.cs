using System.Device.Gpio;
using System.Diagnostics;
using System.Security.Cryptography;
using EdgePrune.Contracts;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Profiler;

/// <summary>
/// Measures one model in this process. The order is the method: cold figures first, then warm-up, windows, memory, and only
/// then whatever would disturb them (operator times, hashing the file).
/// </summary>
internal sealed class ModelMeasurement(TimeProvider clock, SystemFiles files, ConditionsReader conditions, Func<IPowerSensor?> findSensor, Func<IMarkerPin?> openMarker)
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(2);

    public static ModelMeasurement OnThisMachine()
    {
        var clock = TimeProvider.System;
        var files = new SystemFiles();
        var firmware = new VideoCoreMailbox();
        return new ModelMeasurement(
            clock,
            files,
            ConditionsReader.OnThisMachine(files, firmware, clock),
            () => PowerSensorRegistry.Find(files, firmware, clock, MonitorLocation.FromEnvironment(Environment.GetEnvironmentVariable)),
            () => GpioMarkerPin.Open(Environment.GetEnvironmentVariable(GpioMarkerPin.Variable), () => new GpioController()));
    }

    public ProfileReport Measure(string modelPath, ProfileSettings settings)
    {
        MeasurementInput.Require(modelPath, settings);
        NativeEnvironment.DisableTelemetry();
        var startedAt = clock.GetUtcNow();
        var surroundings = conditions.Describe(OrtEnv.Instance().GetVersionString(), settings);
        var idle = conditions.Snapshot();
        using var marker = openMarker() is { } pin ? new WindowMarker(pin, clock) : null;
        var windows = new WindowStage(clock, WindowRules.From(settings), settings.Windows) { Marker = marker, Pacer = PacerFor(settings) };
        var warm = MeasureWarm(modelPath, settings, windows);
        var latency = WindowSummary.Latency(warm.Windows, clock.TimestampFrequency, settings.Confidence);
        var operators = settings.PerOperator ? OperatorPass.Measure(modelPath, settings, latency.P50.Estimate) : [];
        var report = new ProfileReport
        {
            ModelSha256 = Hash(modelPath),
            FileSize = new ByteSize(new FileInfo(modelPath).Length),
            Settings = settings,
            StartedAt = startedAt,
            Cold = warm.Cold,
            Warmup = warm.Warmup,
            Latency = latency,
            Windows = [.. warm.Windows.Select(w => WindowSummary.OfWindow(w, clock.TimestampFrequency))],
            Throughput = warm.Throughput,
            Memory = warm.Memory,
            ManagedBytesPerRun = warm.Windows.Sum(w => w.AllocatedBytes) / (double)latency.Count,
            Energy = warm.Energy.Use,
            Operators = operators,
            OperatorPeak = OperatorPeak.Of(operators),
            Conditions = conditions.Complete(surroundings, idle, warm.Before, warm.After) with { RunQueuePercent = SchedulerWait.Percent(warm.Windows, clock.TimestampFrequency) },
            Verdict = new RunVerdict(RunValidity.Invalid, []),
        };
        return report with { Verdict = ValidityJudge.Judge(Evidence(report, warm.Energy)) };
    }

    private WarmMeasurement MeasureWarm(string modelPath, ProfileSettings settings, WindowStage windows)
    {
        ProcessMemory.ResetPeak();
        var baseline = ProcessMemory.Read(files);
        var older = SchedulerWait.Threads(files);
        var loading = clock.GetTimestamp();
        using var session = BoundSession.Open(modelPath, settings);
        var creation = clock.GetElapsedTime(loading);
        var sinceStart = SinceProcessStart();
        session.FillInputs(settings.Seed);
        var running = clock.GetTimestamp();
        session.Run();
        var cold = new ColdStart(creation, clock.GetElapsedTime(running)) { ProcessToSession = sinceStart };

        using var wait = SchedulerWait.Of(files, older);
        Action inference = session.Run;
        var warmup = new WarmupStage(clock, WarmupRules.From(settings)) { Pacer = PacerFor(settings) }.Run(inference);
        var (watched, energy) = MeasureWindows(settings, windows, inference, wait);
        var throughput = settings.Streams > 1 ? new ThroughputStage(clock, settings).Run(session) : null;
        var memory = ProcessMemory.Read(files);
        return new WarmMeasurement
        {
            Cold = cold,
            Warmup = warmup,
            Windows = watched.Windows,
            Energy = energy,
            Throughput = throughput,
            Memory = new MemoryUse(new(memory.Peak), new(memory.Anonymous), new(memory.FileBacked), new(baseline.Resident)),
            Before = watched.Before,
            After = watched.After,
        };
    }

    private (WatchedWindows Watched, EnergyOutcome Energy) MeasureWindows(
        ProfileSettings settings, WindowStage windows, Action inference, SchedulerWait? wait)
    {
        if (findSensor() is not { } sensor)
        {
            return (Watch(windows, inference, wait), EnergyOutcome.None);
        }

        using var meter = new EnergyMeter(sensor, clock);
        var rest = settings.Window < LongestIdle ? settings.Window : LongestIdle;
        var idleBefore = meter.Idle(rest);
        // The rest let the caches cool and the clock drop; a few runs bring back the steady state before the clock counts.
        _ = new WarmupStage(clock, new WarmupRules(10, TimeSpan.Zero, rest)).Run(inference);
        var watched = Watch(windows, inference, wait);
        // What the last conversion of the windows averages over must not count as idling.
        meter.CatchUp();
        var idleAfter = meter.Idle(rest);
        meter.CatchUp();
        return (watched, meter.Evaluate(idleBefore, watched.Windows, idleAfter));
    }

    // The snapshots stand right at the windows: idling around them, or callers of a throughput after them, would dilute or cause the
    // waiting that is judged.
    private WatchedWindows Watch(WindowStage windows, Action inference, SchedulerWait? wait)
    {
        var before = conditions.Snapshot();
        var measured = windows.Run(inference, wait is null ? null : wait.Read);
        return new WatchedWindows(measured, before, conditions.Snapshot());
    }

    private Pacer? PacerFor(ProfileSettings settings) => settings.Period is { } period ? new Pacer(clock, period, Pacer.Sleep) : null;

    private TimeSpan? SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        var since = clock.GetUtcNow() - process.StartTime.ToUniversalTime();
        return since > TimeSpan.Zero ? since : null;
    }

    private static ValidityEvidence Evidence(ProfileReport report, EnergyOutcome energy) => new()
    {
        Conditions = report.Conditions,
        Warmup = report.Warmup,
        Windows = report.Windows,
        ManagedBytesPerRun = report.ManagedBytesPerRun,
        Energy = energy,
    };

    // Hashed last: reading the file first would put it into the page cache and make the cold start look warm.
    internal static string Hash(string modelPath)
    {
        using var file = File.OpenRead(modelPath);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed record WatchedWindows(IReadOnlyList<MeasuredWindow> Windows, ConditionSnapshot Before, ConditionSnapshot After);
}
