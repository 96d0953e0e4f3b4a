namespace EdgePrune.Profiler;

/// <summary>Power at one moment.</summary>
/// <param name="Timestamp">Ticks of the clock that samples and windows share.</param>
/// <param name="Watts">The power.</param>
public readonly record struct PowerSample(long Timestamp, double Watts);
