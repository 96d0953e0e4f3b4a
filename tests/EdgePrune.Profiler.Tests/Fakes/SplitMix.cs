namespace EdgePrune.Profiler.Tests;

/// <summary>
/// Seeded uniform numbers by SplitMix64 (Steele, Lea and Flood, 2014). The framework's seeded generator repeats with lags of 55, which
/// shows in thousands of simulated series.
/// </summary>
internal sealed class SplitMix(ulong seed) : Random(0)
{
    private ulong _state = seed;

    public override double NextDouble()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
