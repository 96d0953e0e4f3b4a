using System.Runtime.CompilerServices;

namespace EdgePrune.Profiler;

/// <summary>
/// The clock that the processor really runs at, from a chain of additions that each wait for the one before: one cycle each on every
/// processor this runs on. The kernel's figure may be wrong: a Raspberry Pi 3B+ below its voltage reported 1,400 MHz while it ran at 600.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class ClockCalibration(TimeProvider clock)
{
    private const int Rounds = 12;
    private const int Iterations = 20_000;
    private const int AdditionsOfOne = 16;

    /// <summary>MHz of the present core: the best of several rounds, because an interruption can only make a round slower.</summary>
    public double Measure()
    {
        var shortest = long.MaxValue;
        long sink = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var start = clock.GetTimestamp();
            sink += Chain(Iterations, round | 1);
            shortest = Math.Min(shortest, clock.GetTimestamp() - start);
        }

        GC.KeepAlive(sink);
        return Megahertz(shortest, clock.TimestampFrequency);
    }

    internal static double Megahertz(long ticks, long frequency) =>
        (double)Iterations * AdditionsOfOne / Math.Max(1, ticks) * frequency / 1e6;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static long Chain(int iterations, long step)
    {
        long x = 0;
        for (var i = 0; i < iterations; i++)
        {
            x += step; x += step; x += step; x += step;
            x += step; x += step; x += step; x += step;
            x += step; x += step; x += step; x += step;
            x += step; x += step; x += step; x += step;
        }

        return x;
    }
}
