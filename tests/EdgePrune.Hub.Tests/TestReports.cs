using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

/// <summary>Reports of measurements that nobody made.</summary>
internal static class TestReports
{
    public static readonly string ModelA = new('a', 64);
    public static readonly string ModelB = new('b', 64);

    /// <summary>A report; the minute keeps it apart from others.</summary>
    public static ProfileReport Make(int minute = 0, string? model = null, double milliseconds = 10) => new()
    {
        ModelSha256 = model ?? ModelA,
        FileSize = new ByteSize(1),
        Settings = new ProfileSettings { Threads = 2 },
        StartedAt = new DateTimeOffset(2026, 1, 1, 0, minute, 0, TimeSpan.Zero),
        Cold = new ColdStart(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)),
        Warmup = new WarmupResult(1, TimeSpan.Zero, true),
        Latency = new LatencyStatistics
        {
            Count = 300,
            EffectiveCount = 300,
            Min = TimeSpan.FromMilliseconds(milliseconds),
            Mean = TimeSpan.FromMilliseconds(milliseconds),
            P50 = new BoundedTime(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(milliseconds * 0.99), TimeSpan.FromMilliseconds(milliseconds * 1.01)),
            P95 = new BoundedTime(TimeSpan.FromMilliseconds(milliseconds * 2)),
        },
        Windows = [],
        Memory = new MemoryUse(new ByteSize(1), new ByteSize(1), new ByteSize(1), new ByteSize(1)),
        ManagedBytesPerRun = 0,
        Conditions = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = new string('f', 64) },
        Verdict = new RunVerdict(RunValidity.Suspect, ["It was warm."]),
    };

    /// <summary>The event that brings a report.</summary>
    public static DeviceEvent Event(long sequence, ProfileReport report, string? bundle = null) =>
        TestBundles.Event(sequence, DeviceEventKind.Profiled, bundle) with { OrderId = $"order-{sequence}", Profile = report };
}
