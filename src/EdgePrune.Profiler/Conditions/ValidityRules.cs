namespace EdgePrune.Profiler;

/// <summary>Limits beyond which a run is suspect, or invalid.</summary>
public sealed record ValidityRules
{
    /// <summary>Pressure on the processors in percent that makes a run suspect. <value>Default: 5.</value></summary>
    public double SuspectPressure { get; init; } = 5;
    /// <summary>Pressure on the processors in percent that makes a run invalid. <value>Default: 80; below it the windows themselves show the harm.</value></summary>
    public double InvalidPressure { get; init; } = 80;
    /// <summary>Share of the windows' time in percent that the measuring threads waited for a processor, which makes a run suspect. <value>Default: 5.</value></summary>
    public double SuspectWaiting { get; init; } = 5;
    /// <summary>The same, which makes a run invalid. <value>Default: 50: the model took at least twice as long as alone.</value></summary>
    public double InvalidWaiting { get; init; } = 50;
    /// <summary>Shift of the clock, as a share, that makes a run suspect. <value>Default: 0.02.</value></summary>
    public double SuspectClockShift { get; init; } = 0.02;
    /// <summary>Shift of the clock, as a share, that makes a run invalid. <value>Default: 0.25.</value></summary>
    public double InvalidClockShift { get; init; } = 0.25;
    /// <summary>Smallest share of the clock the kernel tells that must be real. <value>Default: 0.8.</value></summary>
    public double MinRealClock { get; init; } = 0.8;
    /// <summary>Temperature in degrees Celsius at which the device slows down. <value>Default: 85, all Raspberry Pi models.</value></summary>
    public double TemperatureLimit { get; init; } = 85;
    /// <summary>Distance to the limit in degrees that makes a run suspect. <value>Default: 10.</value></summary>
    public double TemperatureMargin { get; init; } = 10;
    /// <summary>Spread of the windows' medians, as a share of the smallest, that makes a run suspect. <value>Default: 0.05.</value></summary>
    public double SuspectSpread { get; init; } = 0.05;
    /// <summary>Spread of the windows' medians, as a share of the smallest, that makes a run invalid. <value>Default: 0.5.</value></summary>
    public double InvalidSpread { get; init; } = 0.5;
    /// <summary>Share of a window that power samples must cover. <value>Default: 0.95.</value></summary>
    public double MinCoverage { get; init; } = 0.95;
}
