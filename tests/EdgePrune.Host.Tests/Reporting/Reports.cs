using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

/// <summary>Reports with fixed figures.</summary>
internal static class Reports
{
    public static TuningReport Converged() => new()
    {
        Model = "mnist-cnn",
        DeviceName = "bench-pi-4",
        Target = "raspberry-pi-4",
        Budget = new Budget { LatencyP95 = new Limit(LimitKind.Duration, 0.0012), FileSize = new Limit(LimitKind.Relative, 0.2), PeakMemory = new Limit(LimitKind.Size, 48 << 20), MaxAccuracyLoss = 0.5 },
        Metric = "top-1 accuracy, percent",
        Seed = 1,
        Original = Make(0, 0, Precision.Float32, 99.14, 2.91, 1_690_000, TrialStatus.BreaksBudget) with { Checks = [] },
        Trials =
        [
            Make(1, 0.5, Precision.Float32, 98.97, 1.31, 610_000, TrialStatus.RefusedByHost, measured: false),
            Make(2, 0.5, Precision.Int8, 98.94, 0.92, 171_000, TrialStatus.MeetsBudget),
            Make(3, 0.25, Precision.Float32, 99.12, 1.98, 1_050_000, TrialStatus.RefusedByHost, measured: false),
            Make(4, 0.25, Precision.Int8, 99.1, 1.28, 281_000, TrialStatus.BreaksBudget),
            Make(5, 0.75, Precision.Int8, 96.2, 0.61, 88_000, TrialStatus.RefusedByHost, measured: false),
            Make(6, 0.375, Precision.Int8, 99.05, 1.07, 224_000, TrialStatus.MeetsBudget),
            Make(7, 0.3125, Precision.Int8, 99.08, 1.15, 252_000, TrialStatus.FailedOnDevice, measured: false) with { Failure = "EP6001: The model failed its self-test: it took <long> & was stopped." },
            Make(8, 0.9, Precision.Int8, 71.35, 0.44, 51_000, TrialStatus.RefusedByHost, measured: false),
        ],
        Outcome = TuningOutcome.Converged,
        Picked = 6,
        DeviceRuns = 5,
        Pins = ["The 10 channels of 'output' cannot be pruned: they are the graph's output.", "The 1 channel of 'input' cannot be pruned: it is the graph's input."],
        Seconds = 312.5,
    };

    public static TuningReport Infeasible() => Converged() with { Outcome = TuningOutcome.Infeasible, Picked = 4 };

    public static TuningReport NothingMeasured()
    {
        var report = Converged();
        return report with
        {
            Original = report.Original with { Profile = null },
            Trials = [],
            Outcome = TuningOutcome.Infeasible,
            Picked = null,
            Pins = [],
        };
    }

    private static Trial Make(int index, double rate, Precision precision, double score, double p95, long bytes, TrialStatus status, bool measured = true) => new()
    {
        Index = index,
        Rate = rate,
        Precision = precision,
        Widths = [new GroupWidth("conv1", 32, Width(32, rate)), new GroupWidth("conv2", 64, Width(64, rate)), new GroupWidth("fc1", 128, Width(128, rate))],
        Parameters = bytes / (precision == Precision.Int8 ? 1 : 4),
        Macs = (long)(12_000_000 * (1 - rate) * (1 - rate)),
        ModelSha256 = new string((char)('0' + index), 64),
        FileSize = new ByteSize(bytes),
        Score = score,
        Checks = Checks(score, p95, bytes, measured),
        Status = status,
        Profile = measured ? Profile(index, precision, p95, bytes) : null,
    };

    private static BudgetCheck[] Checks(double score, double p95, long bytes, bool measured) =>
    [
        .. measured
            ? new BudgetCheck[] { new("latencyP95", "s", 0.0012, p95 / 1e3, p95 * 1.06 / 1e3, p95 * 1.06 <= 1.2), new("peakMemory", "B", 48 << 20, 30 << 20, 30 << 20, true) }
            : [],
        new("fileSize", "B", 338_000, bytes, bytes, bytes <= 338_000),
        new("accuracyLoss", "points", 0.5, Math.Round(99.14 - score, 2), Math.Round(99.34 - score, 2), 99.34 - score <= 0.5),
    ];

    private static ProfileReport Profile(int index, Precision precision, double p95, long bytes) => new()
    {
        ModelSha256 = new string((char)('0' + index), 64),
        FileSize = new ByteSize(bytes),
        Settings = new ProfileSettings(),
        StartedAt = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
        Cold = new ColdStart(TimeSpan.FromMilliseconds(41.5), TimeSpan.FromMilliseconds(p95 * 3)),
        Warmup = new WarmupResult(420, TimeSpan.FromSeconds(2.4), true),
        Latency = new LatencyStatistics
        {
            Count = 2300,
            EffectiveCount = 1480,
            Min = TimeSpan.FromMilliseconds(p95 * 0.8),
            Mean = TimeSpan.FromMilliseconds(p95 * 0.9),
            P50 = Bounded(p95 * 0.88),
            P95 = Bounded(p95),
        },
        Windows = [.. Enumerable.Range(0, 5).Select(_ => new WindowStatistics(460, TimeSpan.FromMilliseconds(p95 * 0.8), TimeSpan.FromMilliseconds(p95 * 0.88), TimeSpan.FromMilliseconds(p95), 0))],
        Memory = new MemoryUse(new ByteSize((30 << 20) + (bytes * 2)), new ByteSize(12 << 20), new ByteSize(14 << 20), new ByteSize(22 << 20)),
        ManagedBytesPerRun = 0,
        Energy = new EnergyUse("hwmon:ina226", new Energy(p95 * 4.1e-3), new Energy(p95 * 1.3e-3), 0.98, false),
        Operators = Operators(precision, p95 * 1000),
        Conditions = new RunConditions
        {
            Machine = "Raspberry Pi 4 Model B Rev 1.5",
            Processor = "Cortex-A72",
            Processors = 4,
            System = "Linux 6.12",
            OnnxRuntimeVersion = "1.31.1",
            Governor = "performance",
            ClockMhz = [1800, 1800],
            TemperatureCelsius = [48.2, 55.9],
            Throttling = [],
            CpuPressurePercent = [0, 0.4],
            CpuStallPercent = 3.2,
            RunQueuePercent = 0.42,
            LoadAverage = 0.1,
            AvailableMemory = new ByteSize(3L << 30),
            Fingerprint = new string('f', 64),
        },
        Verdict = index == 4
            ? new RunVerdict(RunValidity.Suspect, ["The load average was 1.7 before the run; nothing else should run."])
            : new RunVerdict(RunValidity.Valid, []),
    };

    private static OperatorTime[] Operators(Precision precision, double us)
    {
        (string Node, string Type, double Share)[] parts = precision == Precision.Int8
            ? [("conv2_quant", "QLinearConv", 0.51), ("conv1_quant", "QLinearConv", 0.16), ("fc1_quant", "QGemm", 0.19), ("quantize", "QuantizeLinear", 0.08), ("pool1", "MaxPool", 0.06)]
            : [("conv2", "FusedConv", 0.6), ("conv1", "FusedConv", 0.14), ("fc1", "FusedGemm", 0.18), ("pool1", "MaxPool", 0.06), ("fc2", "Gemm", 0.02)];
        return [.. parts.Select(p => new OperatorTime(p.Node, p.Type, TimeSpan.FromMicroseconds(Math.Round(us * 0.85 * p.Share, 1)), p.Share))];
    }

    private static BoundedTime Bounded(double ms) => new(TimeSpan.FromMilliseconds(ms), TimeSpan.FromMilliseconds(ms * 0.97), TimeSpan.FromMilliseconds(ms * 1.06));

    private static int Width(int channels, double rate) => Math.Max(4, (int)Math.Round(channels * (1 - rate) / 4) * 4);
}
