namespace EdgePrune.Profiler.Tests;

/// <summary>A sensor that takes time to read, and says what it is told.</summary>
internal sealed class FakePowerSensor(Func<PowerReading> read) : IPowerSensor
{
    public FakePowerSensor(Func<double?> watts)
        : this(() => PowerReading.Of(watts()))
    {
    }

    public string Source => "fake";
    public bool Estimated => false;
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(20);
    public TimeSpan Lag { get; init; }
    public bool Disposed { get; private set; }
    public PowerReading Read() => read();
    public void Dispose() => Disposed = true;
}
