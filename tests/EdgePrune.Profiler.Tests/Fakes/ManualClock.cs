namespace EdgePrune.Profiler.Tests;

/// <summary>A clock that moves only when it is told to; one tick is a microsecond.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _now;

    public void Advance(double microseconds) => _now += (long)microseconds;
}
