namespace EdgePrune.Profiler;

/// <summary>A clock that moves only when something takes time on it.</summary>
internal sealed class SyntheticClock(DateTimeOffset start) : TimeProvider
{
    private double _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => (long)_nanoseconds;

    public override DateTimeOffset GetUtcNow() => start + TimeSpan.FromTicks((long)(_nanoseconds / TimeSpan.NanosecondsPerTick));

    public void Advance(TimeSpan time) => _nanoseconds += time.TotalNanoseconds;
}
