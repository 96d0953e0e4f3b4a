namespace EdgePrune.Profiler;

/// <summary>
/// Reads a sensor on a background thread, at most 50 times a second, so that the sampling itself costs next to nothing.
/// </summary>
internal sealed class PowerSampler : IDisposable
{
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(20);
    private const int MaxSamples = 1_000_000;

    private readonly IPowerSensor _sensor;
    private readonly TimeProvider _clock;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private readonly List<PowerSample> _samples = new(4096);
    private Thread? _thread;

    public PowerSampler(IPowerSensor sensor, TimeProvider clock)
    {
        _sensor = sensor;
        _clock = clock;
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

    public void SampleOnce()
    {
        var before = _clock.GetTimestamp();
        var watts = Read();
        var middle = before + ((_clock.GetTimestamp() - before) / 2);
        lock (_gate)
        {
            if (watts is { } valid && double.IsFinite(valid) && _samples.Count < MaxSamples)
            {
                _samples.Add(new PowerSample(middle, valid));
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

    private double? Read()
    {
        try
        {
            return _sensor.ReadWatts();
        }
        catch (IOException)
        {
            // A bus that did not answer leaves a gap, and the coverage in the report shows it.
            return null;
        }
    }

    private void Loop()
    {
        do
        {
            SampleOnce();
        }
        while (!_stop.Wait(Period));
    }
}
