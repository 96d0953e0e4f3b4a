using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Device.Tests;

/// <summary>A profiler that reports at once.</summary>
internal sealed class FakeProfiler : IModelProfiler
{
    public List<string> Models { get; } = [];
    public Action Run { get; set; } = () => { };

    public Task<ProfileReport> ProfileAsync(string modelPath, ProfileSettings settings, CancellationToken cancellationToken)
    {
        Models.Add(modelPath);
        Run();
        return Task.FromResult(Report(Path.GetFileName(modelPath), settings));
    }

    private static ProfileReport Report(string sha256, ProfileSettings settings) => new()
    {
        ModelSha256 = sha256,
        FileSize = new ByteSize(1),
        Settings = settings,
        StartedAt = DateTimeOffset.UnixEpoch,
        Cold = new ColdStart(TimeSpan.Zero, TimeSpan.Zero),
        Warmup = new WarmupResult(1, TimeSpan.Zero, true),
        Latency = new LatencyStatistics { Count = 1, EffectiveCount = 1, Min = TimeSpan.Zero, Mean = TimeSpan.Zero, P50 = new BoundedTime(TimeSpan.Zero, null, null) },
        Windows = [],
        Memory = new MemoryUse(new ByteSize(1), new ByteSize(1), new ByteSize(1), new ByteSize(1)),
        ManagedBytesPerRun = 0,
        Conditions = new RunConditions { OnnxRuntimeVersion = "1", Fingerprint = "f" },
        Verdict = new RunVerdict(RunValidity.Valid, []),
    };
}
