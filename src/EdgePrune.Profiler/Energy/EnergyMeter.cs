namespace EdgePrune.Profiler;

/// <summary>Measures the power of windows of work, and of idling before and after them.</summary>
internal sealed class EnergyMeter : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly IPowerSensor _sensor;
    private readonly PowerSampler _sampler;

    public EnergyMeter(IPowerSensor sensor, TimeProvider clock)
    {
        _sensor = sensor;
        _clock = clock;
        _sampler = new PowerSampler(sensor, clock);
        _sampler.Start();
    }

    /// <summary>Idles for a while and gives the interval it took.</summary>
    public (long From, long To) Idle(TimeSpan duration)
    {
        var from = _clock.GetTimestamp();
        _sampler.Idle(duration);
        return (from, _clock.GetTimestamp());
    }

    /// <summary>Waits until the last samples of what was measured are in: they come late by the sensor's lag.</summary>
    public void CatchUp() => _sampler.Idle(_sensor.Lag + (2 * _sampler.Period));

    public EnergyOutcome Evaluate((long From, long To) before, IReadOnlyList<MeasuredWindow> windows, (long From, long To) after)
    {
        var samples = _sampler.Samples();
        EnergyIntegral Over(long from, long to) => EnergyIntegrator.Integrate(samples, from, to, _sampler.Period, _clock.TimestampFrequency);
        PowerFault[] faults = [.. _sampler.Faults().Where(f => f.Timestamp >= before.From && f.Timestamp <= after.To).Select(f => f.Fault)];
        return new EnergyEvaluation(_sensor.Source, _sensor.Estimated).Run(
            Over(before.From, before.To),
            [.. windows.Select(w => (Over(w.From, w.To), w.Times.Count))],
            Over(after.From, after.To),
            faults);
    }

    public void Dispose() => _sampler.Dispose();
}
