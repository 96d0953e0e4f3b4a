namespace EdgePrune.Profiler.Tests;

/// <summary>A sensor that takes time to read, and says what it is told.</summary>
internal sealed class FakePowerSensor(Func<double?> read) : IPowerSensor
{
    public string Source => "fake";
    public bool Estimated => false;
    public TimeSpan Period { get; init; } = TimeSpan.FromMilliseconds(20);
    public bool Disposed { get; private set; }
    public double? ReadWatts() => read();
    public void Dispose() => Disposed = true;
}
