namespace EdgePrune.Profiler;

/// <summary>What changes while a device works, at one moment; a missing value could not be read.</summary>
/// <param name="ClockMhz">Clock of the first core.</param>
/// <param name="TemperatureCelsius">Temperature of the processor.</param>
/// <param name="PressurePercent">Share of time that tasks waited for a processor, mean of 10 s.</param>
/// <param name="Throttled">Bits of the firmware.</param>
internal sealed record ConditionSnapshot(double? ClockMhz, double? TemperatureCelsius, double? PressurePercent, uint? Throttled);
