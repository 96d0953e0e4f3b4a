using EdgePrune.Contracts;

namespace EdgePrune.Profiler;

/// <summary>Measures the power of a stretch of work, and of idling before and after it.</summary>
internal sealed class EnergyMeter : IDisposable
{
    private const double MaxIdleShift = 0.02;

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

    public EnergyUse? Evaluate((long From, long To) before, (long From, long To) work, (long From, long To) after, int runs)
    {
        var samples = _sampler.Samples();
        EnergyIntegral Over((long From, long To) interval) =>
            EnergyIntegrator.Integrate(samples, interval.From, interval.To, _sampler.Period, _clock.TimestampFrequency);
        return Evaluate(_sensor, Over(before), Over(work), Over(after), runs);
    }

    /// <summary>
    /// Energy of one run. The idle power must be the same before and after within 2 %, otherwise what the work itself cost
    /// is unknown and the net energy is null.
    /// </summary>
    public static EnergyUse? Evaluate(IPowerSensor sensor, EnergyIntegral before, EnergyIntegral work, EnergyIntegral after, int runs)
    {
        if (work.MeanWatts is not { } watts || runs < 1)
        {
            return null;
        }

        var seconds = work.Length.TotalSeconds;
        var gross = new Energy(watts * seconds / runs);
        Energy? net = IdleWatts(before, after) is { } idle ? new Energy((watts - idle) * seconds / runs) : null;
        return new EnergyUse(sensor.Source, gross, net, Math.Min(1, work.Coverage), sensor.Estimated);
    }

    public void Dispose() => _sampler.Dispose();

    private static double? IdleWatts(EnergyIntegral before, EnergyIntegral after) =>
        before.MeanWatts is { } first && after.MeanWatts is { } last && Math.Abs(first - last) <= MaxIdleShift * Math.Max(Math.Abs(first), Math.Abs(last))
            ? (first + last) / 2
            : null;
}
