using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

/// <summary>Reports with the figures that a test needs.</summary>
internal static class MadeReport
{
    public static ProfileReport Of(double microseconds, ProfileSettings? settings = null, double spread = 1, RunValidity validity = RunValidity.Valid)
    {
        var p50 = TimeSpan.FromMicroseconds(microseconds);
        var margin = TimeSpan.FromMicroseconds(spread);
        return new ProfileReport
        {
            ModelSha256 = new string('a', 64),
            FileSize = new ByteSize(1),
            Settings = settings ?? new ProfileSettings(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Cold = new ColdStart(p50, p50),
            Warmup = new WarmupResult(10, p50, SteadyState: true),
            Latency = new LatencyStatistics { Count = 300, EffectiveCount = 300, Min = p50, Mean = p50, P50 = new BoundedTime(p50, p50 - margin, p50 + margin) },
            Windows = [],
            Memory = new MemoryUse(new ByteSize(1), new ByteSize(1), new ByteSize(1), new ByteSize(1)),
            ManagedBytesPerRun = 0,
            Conditions = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "same" },
            Verdict = new RunVerdict(validity, []),
        };
    }
}
