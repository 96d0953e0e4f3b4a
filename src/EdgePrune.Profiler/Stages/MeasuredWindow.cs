namespace EdgePrune.Profiler;

/// <summary>What one window gave.</summary>
/// <param name="Times">Durations of its runs.</param>
/// <param name="From">When the window began, in ticks of the clock.</param>
/// <param name="To">When it ended.</param>
/// <param name="AllocatedBytes">Managed bytes that the measuring thread allocated.</param>
/// <param name="Collections">Garbage collections of any generation.</param>
internal sealed record MeasuredWindow(RunTimes Times, long From, long To, long AllocatedBytes, int Collections)
{
    /// <summary>Time that the measuring threads waited for a processor, in nanoseconds; null where nobody counts it.</summary>
    public long? WaitedNanoseconds { get; init; }

    /// <summary>Durations of each n-th run in nanoseconds.</summary>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    /// <param name="every">The n: a multiple of what the window kept.</param>
    public double[] Nanoseconds(long frequency, int every)
    {
        var kept = Times.Kept;
        var (step, factor) = (every / Times.Stride, 1e9 / frequency);
        var nanoseconds = new double[kept.Length / step];
        for (var i = 0; i < nanoseconds.Length; i++)
        {
            nanoseconds[i] = kept[((i + 1) * step) - 1] * factor;
        }

        return nanoseconds;
    }
}
