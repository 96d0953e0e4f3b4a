namespace EdgePrune.Profiler;

/// <summary>
/// Reads a sensor on a background thread at the sensor's own period, at most 100 times a second, so that the sampling itself
/// costs next to nothing. Samples stand at the middle of what they average over.
/// </summary>
internal sealed class PowerSampler : IDisposable
{
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(10);
    private const int MaxSamples = 1_000_000;

    private readonly IPowerSensor _sensor;
    private readonly TimeProvider _clock;
    private readonly long _lag;
    // Without spinning: waiting must not take the processor from what is measured.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly Lock _gate = new();
    private readonly List<PowerSample> _samples = new(4096);
    private readonly List<(long Timestamp, PowerFault Fault)> _faults = [];
    private Thread? _thread;

    public PowerSampler(IPowerSensor sensor, TimeProvider clock)
    {
        _sensor = sensor;
        _clock = clock;
        _lag = (long)(sensor.Lag.TotalSeconds * clock.TimestampFrequency);
        Period = sensor.Period > ShortestPeriod ? sensor.Period : ShortestPeriod;
    }

    public TimeSpan Period { get; }

    public void Start()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "power sampler" };
        _thread.Start();
    }

    public IReadOnlyList<PowerSample> Samples()
    {
        lock (_gate)
        {
            return [.. _samples];
        }
    }

    /// <summary>What failed, and when; a conversion that was not ready yet is no failure.</summary>
    public IReadOnlyList<(long Timestamp, PowerFault Fault)> Faults()
    {
        lock (_gate)
        {
            return [.. _faults];
        }
    }

    public void SampleOnce()
    {
        var before = _clock.GetTimestamp();
        var reading = Read();
        var middle = before + ((_clock.GetTimestamp() - before) / 2) - _lag;
        lock (_gate)
        {
            if (reading.Watts is { } watts && double.IsFinite(watts))
            {
                Keep(_samples, new PowerSample(middle, watts));
            }
            else if (reading.Fault != PowerFault.NotReady)
            {
                Keep(_faults, (before, reading.Fault));
            }
        }
    }

    /// <summary>Lets the device idle on the calling thread.</summary>
    public void Idle(TimeSpan duration) => _stop.Wait(duration);

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
        _sensor.Dispose();
    }

    private static void Keep<T>(List<T> list, T item)
    {
        if (list.Count < MaxSamples)
        {
            list.Add(item);
        }
    }

    private PowerReading Read()
    {
        try
        {
            return _sensor.Read();
        }
        catch (IOException)
        {
            // A bus that did not answer leaves a gap, and the coverage in the report shows it.
            return PowerReading.Failed(PowerFault.NoAnswer);
        }
    }

    // The next reading is due at a fixed moment, so that the time a reading takes does not stretch the period.
    private void Loop()
    {
        var due = _clock.GetTimestamp();
        var period = (long)(Period.TotalSeconds * _clock.TimestampFrequency);
        TimeSpan wait;
        do
        {
            SampleOnce();
            due = Math.Max(due + period, _clock.GetTimestamp() - period);
            wait = _clock.GetElapsedTime(_clock.GetTimestamp(), due);
        }
        while (!_stop.Wait(wait > TimeSpan.Zero ? wait : TimeSpan.Zero));
    }
}
