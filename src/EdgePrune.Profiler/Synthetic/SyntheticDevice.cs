namespace EdgePrune.Profiler;

/// <summary>
/// A device that exists only as numbers: a staircase and roofline latency, noise that lasts, drift, warm-up, heat with throttling,
/// load of others, and power. For tests of whatever works with reports, thousands of measurements a minute.
/// </summary>
public sealed record SyntheticDevice
{
    /// <summary>Multiply-accumulates in a second at the full clock. <value>Default: 5e9.</value></summary>
    public double MacsPerSecond { get; init; } = 5e9;
    /// <summary>Bytes in a second between memory and processor. <value>Default: 2e9.</value></summary>
    public double BytesPerSecond { get; init; } = 2e9;
    /// <summary>Channel counts are computed in multiples of this. <value>Default: 8.</value></summary>
    public int Quantum { get; init; } = 8;
    /// <summary>Time of one layer besides its arithmetic. <value>Default: 10 µs.</value></summary>
    public TimeSpan LayerOverhead { get; init; } = TimeSpan.FromMicroseconds(10);
    /// <summary>Standard deviation of the noise, as a share of the latency. <value>Default: 0.02.</value></summary>
    public double Noise { get; init; } = 0.02;
    /// <summary>Correlation of the noise of two runs after each other. <value>Default: 0.3. Range: 0 to below 1.</value></summary>
    public double NoiseCorrelation { get; init; } = 0.3;
    /// <summary>Growth of the latency in an hour, as a share. <value>Default: 0.</value></summary>
    public double DriftPerHour { get; init; }
    /// <summary>How much slower the first run is, as a share; it falls by half every 5 runs. <value>Default: 1.</value></summary>
    public double ColdFactor { get; init; } = 1;
    /// <summary>Share of the runs that other work interrupts. <value>Default: 0.</value></summary>
    public double LoadShare { get; init; }
    /// <summary>How much longer an interrupted run takes, as a share. <value>Default: 1.</value></summary>
    public double LoadPenalty { get; init; } = 1;
    /// <summary>Share of the time that tasks of lower priority wait for the model, which costs it nothing. <value>Default: 0.</value></summary>
    public double PoliteLoad { get; init; }
    /// <summary>Whether the kernel counts what the measuring thread waited for a processor. <value>Default: true.</value></summary>
    public bool TellsWaiting { get; init; } = true;
    /// <summary>Temperature of the room in degrees Celsius. <value>Default: 25.</value></summary>
    public double AmbientCelsius { get; init; } = 25;
    /// <summary>Degrees above the room that one watt ends at. <value>Default: 7, with a heat sink.</value></summary>
    public double DegreesPerWatt { get; init; } = 7;
    /// <summary>Time after which 63 % of that is reached. <value>Default: 60 s.</value></summary>
    public TimeSpan ThermalTime { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Temperature at which the clock drops. <value>Default: 80.</value></summary>
    public double ThrottleCelsius { get; init; } = 80;
    /// <summary>The clock then, as a share of the full one. <value>Default: 0.6.</value></summary>
    public double ThrottledClock { get; init; } = 0.6;
    /// <summary>Whether firmware tells of throttling; without it only the clock shows it. <value>Default: true.</value></summary>
    public bool TellsThrottling { get; init; } = true;
    /// <summary>Full clock in MHz. <value>Default: 1,500.</value></summary>
    public double ClockMhz { get; init; } = 1500;
    /// <summary>Power without work in watts. <value>Default: 2.5.</value></summary>
    public double IdleWatts { get; init; } = 2.5;
    /// <summary>Power at work in watts. <value>Default: 6.</value></summary>
    public double LoadWatts { get; init; } = 6;

    /// <summary>Latency of a model on the quiet, cool device, without noise: the larger of arithmetic and memory, and each layer's overhead.</summary>
    /// <param name="work">The model.</param>
    /// <returns>The latency.</returns>
    public TimeSpan Latency(SyntheticWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var macs = work.Channels.Zip(work.MacsPerChannel, (channels, each) => Math.Ceiling((double)channels / Quantum) * Quantum * each).Sum();
        return TimeSpan.FromSeconds(Math.Max(macs / MacsPerSecond, work.Bytes / BytesPerSecond)) + (work.Channels.Count * LayerOverhead);
    }
}
