namespace EdgePrune.Profiler;

/// <summary>One process on a synthetic device: its clock, its heat and what runs on it.</summary>
internal sealed class SyntheticRun(SyntheticDevice device, SyntheticWork work, SyntheticClock clock, Random random)
{
    private const int ColdHalfLife = 5;

    private readonly double _seconds = device.Latency(work).TotalSeconds;
    private double _noise = Normal(random);
    private double _celsius = device.AmbientCelsius + (device.DegreesPerWatt * device.IdleWatts);
    private double _stall;
    private double _waited;
    private int _runs;

    public bool EverThrottled { get; private set; }

    public double Joules { get; private set; }

    private bool IsThrottled => _celsius >= device.ThrottleCelsius;

    /// <summary>One inference.</summary>
    public void Infer()
    {
        var correlation = device.NoiseCorrelation;
        _noise = (correlation * _noise) + (Math.Sqrt(1 - (correlation * correlation)) * Normal(random));
        var seconds = _seconds
            * (1 + (device.ColdFactor * Math.Pow(0.5, (double)_runs++ / ColdHalfLife)))
            * (1 + (device.DriftPerHour * Now() / 3600))
            * Math.Exp(device.Noise * _noise)
            / (IsThrottled ? device.ThrottledClock : 1);
        if (random.NextDouble() < device.LoadShare)
        {
            _waited += seconds * device.LoadPenalty;
            _stall += seconds * device.LoadPenalty;
            seconds *= 1 + device.LoadPenalty;
        }

        _stall += seconds * device.PoliteLoad;

        Pass(seconds, device.LoadWatts);
    }

    /// <summary>Time without work.</summary>
    public void Idle(TimeSpan time) => Pass(time.TotalSeconds, device.IdleWatts);

    /// <summary>Nanoseconds that the measuring thread waited for a processor.</summary>
    public long Waited() => (long)(_waited * 1e9);

    /// <summary>What a reader of the kernel's files would see now.</summary>
    public ConditionSnapshot Snapshot()
    {
        var megahertz = device.ClockMhz * (IsThrottled ? device.ThrottledClock : 1);
        return new ConditionSnapshot(device.ClockMhz, _celsius, null, Throttled: null)
        {
            At = clock.GetTimestamp(),
            CalibratedMhz = megahertz,
            CpuStall = (long)(_stall * 1e6),
        };
    }

    private double Now() => clock.GetTimestamp() * 1e-9;

    // The heat of a first-order model: it moves towards its end by the share of time that passed.
    private void Pass(double seconds, double watts)
    {
        var end = device.AmbientCelsius + (device.DegreesPerWatt * watts);
        _celsius = end + ((_celsius - end) * Math.Exp(-seconds / device.ThermalTime.TotalSeconds));
        EverThrottled |= IsThrottled;
        Joules += seconds * watts;
        clock.Advance(TimeSpan.FromSeconds(seconds));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
