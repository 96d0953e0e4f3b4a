namespace EdgePrune.Profiler;

/// <summary>What changes while a device works, at one moment; a missing value could not be read.</summary>
/// <param name="ClockMhz">Clock of the first core.</param>
/// <param name="TemperatureCelsius">Temperature of the processor.</param>
/// <param name="PressurePercent">Share of time that tasks waited for a processor, mean of 10 s.</param>
/// <param name="Throttled">Bits of the firmware.</param>
internal sealed record ConditionSnapshot(double? ClockMhz, double? TemperatureCelsius, double? PressurePercent, uint? Throttled)
{
    /// <summary>When, in ticks of the clock.</summary>
    public long At { get; init; }

    /// <summary>Clock by <see cref="ClockCalibration"/>.</summary>
    public double? CalibratedMhz { get; init; }

    /// <summary>Time since the start of the system that tasks waited for a processor, in microseconds.</summary>
    public long? CpuStall { get; init; }

    /// <summary>Time since the start of the system that tasks waited for memory, in microseconds.</summary>
    public long? MemoryStall { get; init; }

    /// <summary>Pages moved to and from swap since the start of the system.</summary>
    public long? SwappedPages { get; init; }
}
