namespace EdgePrune.Profiler;

/// <summary>
/// Energy counters of x64 processors (RAPL) through <c>/sys/class/powercap</c>: the packages, without the board around
/// them. The counters only grow and wrap; power is their difference over the time between two readings.
/// </summary>
internal sealed class RaplPowerSensor : IPowerSensor
{
    private readonly SystemFiles _files;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<(string Folder, long Range)> _packages;
    private (long Timestamp, long[] Microjoules)? _last;

    private RaplPowerSensor(SystemFiles files, TimeProvider clock, IReadOnlyList<(string, long)> packages)
    {
        _files = files;
        _clock = clock;
        _packages = packages;
    }

    public string Source => "rapl";

    public bool Estimated => false;

    // The counter itself is renewed about every millisecond; 50 ms keep that granularity below 2 %.
    public TimeSpan Period => TimeSpan.FromMilliseconds(50);

    // A reading is the mean since the one before.
    public TimeSpan Lag => Period / 2;

    /// <summary>The processor's counters, or null: virtual machines have none and unprivileged users may not read them.</summary>
    public static RaplPowerSensor? Find(SystemFiles files, TimeProvider clock)
    {
        (string, long)[] packages = [.. files.Folders("/sys/class/powercap", "intel-rapl:")
            .Where(f => files.TryRead($"{f}/name")?.StartsWith("package", StringComparison.Ordinal) == true)
            .Where(f => files.TryReadNumber($"{f}/energy_uj") is >= 0)
            .Select(f => (f, files.TryReadNumber($"{f}/max_energy_range_uj") ?? 0))];
        return packages.Length > 0 ? new RaplPowerSensor(files, clock, packages) : null;
    }

    /// <summary>Energy between two readings of a counter that wraps after <paramref name="range"/>, or null when it went back without a known range.</summary>
    public static long? Difference(long earlier, long later, long range) =>
        later >= earlier ? later - earlier
        : range > earlier ? range - earlier + later
        : null;

    public PowerReading Read()
    {
        var now = _clock.GetTimestamp();
        var counters = new long[_packages.Count];
        for (var i = 0; i < counters.Length; i++)
        {
            if (_files.TryReadNumber($"{_packages[i].Folder}/energy_uj") is not { } microjoules)
            {
                return PowerReading.Failed(PowerFault.NoAnswer);
            }

            counters[i] = microjoules;
        }

        var last = _last;
        _last = (now, counters);
        return last is { } earlier && now > earlier.Timestamp
            ? PowerReading.Of(Power(earlier, now, counters))
            : PowerReading.Failed(PowerFault.NotReady);
    }

    public void Dispose()
    {
    }

    private double? Power((long Timestamp, long[] Microjoules) earlier, long now, long[] counters)
    {
        long total = 0;
        for (var i = 0; i < counters.Length; i++)
        {
            if (Difference(earlier.Microjoules[i], counters[i], _packages[i].Range) is not { } difference)
            {
                return null;
            }

            total += difference;
        }

        return total * 1e-6 / _clock.GetElapsedTime(earlier.Timestamp, now).TotalSeconds;
    }
}
