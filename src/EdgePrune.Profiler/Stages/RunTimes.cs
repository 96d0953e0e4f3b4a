using System.Runtime.CompilerServices;

namespace EdgePrune.Profiler;

/// <summary>
/// Durations of the runs of one window: all of them are counted and summed, and an even part is kept, each n-th, in memory that exists
/// before the first and never grows.
/// </summary>
/// <param name="capacity">Most durations that are kept.</param>
internal sealed class RunTimes(int capacity)
{
    private readonly ThinningSeries<long> _kept = new(capacity);

    /// <summary>Number of all runs.</summary>
    public long Count { get; private set; }

    /// <summary>Sum over all runs in ticks of the clock.</summary>
    public long Sum { get; private set; }

    /// <summary>Shortest of all runs in ticks of the clock.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    /// <summary>How-manieth runs are kept; 1 for all.</summary>
    public int Stride => _kept.Stride;

    /// <summary>The kept durations in ticks of the clock, in order.</summary>
    public ReadOnlySpan<long> Kept => _kept.Values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long ticks)
    {
        Count++;
        Sum += ticks;
        Shortest = Math.Min(Shortest, ticks);
        _kept.Add(ticks);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        (Count, Sum, Shortest) = (0, 0, long.MaxValue);
        _kept.Clear();
    }
}
