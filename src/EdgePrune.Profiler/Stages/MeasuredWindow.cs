namespace EdgePrune.Profiler;

/// <summary>What one window gave.</summary>
/// <param name="Ticks">Duration of each run in ticks of the clock.</param>
/// <param name="From">When the window began, in ticks of the clock.</param>
/// <param name="To">When it ended.</param>
/// <param name="AllocatedBytes">Managed bytes that the measuring thread allocated.</param>
/// <param name="Collections">Garbage collections of any generation.</param>
internal sealed record MeasuredWindow(ArraySegment<long> Ticks, long From, long To, long AllocatedBytes, int Collections)
{
    /// <summary>Time that the measuring threads waited for a processor, in nanoseconds; null where nobody counts it.</summary>
    public long? WaitedNanoseconds { get; init; }

    public double[] Nanoseconds(long frequency)
    {
        var factor = 1e9 / frequency;
        return [.. Ticks.Select(t => t * factor)];
    }
}
