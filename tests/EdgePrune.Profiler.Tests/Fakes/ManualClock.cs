namespace EdgePrune.Profiler.Tests;

/// <summary>A clock that moves only when it is told to; one tick is a microsecond.</summary>
internal sealed class ManualClock : TimeProvider
{
    private double _now;

    public override long TimestampFrequency => 1_000_000;

    /// <summary>Time since the start in seconds, with fractions of a tick.</summary>
    public double Seconds => _now / 1e6;

    public override long GetTimestamp() => (long)_now;

    public void Advance(double microseconds) => _now += microseconds;
}
