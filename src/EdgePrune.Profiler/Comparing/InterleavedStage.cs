namespace EdgePrune.Profiler;

/// <summary>Runs two models in turn, A B B A, in blocks, and times each run.</summary>
/// <param name="clock">The clock.</param>
/// <param name="runsPerBlock">Timed runs of a block; one more before them warms the caches again.</param>
internal sealed class InterleavedStage(TimeProvider clock, int runsPerBlock)
{
    private readonly double[] _block = new double[runsPerBlock];

    /// <summary>All medians of A's blocks in nanoseconds.</summary>
    public List<double> First { get; } = [];

    /// <summary>All medians of B's blocks in nanoseconds.</summary>
    public List<double> Second { get; } = [];

    /// <summary>Runs of a block so that one takes about <paramref name="budget"/>. Range: 1 to 1,000.</summary>
    public static int RunsFor(TimeSpan slower, TimeSpan budget) =>
        slower <= TimeSpan.Zero ? MostRuns : (int)Math.Clamp(budget / slower, 1, MostRuns);

    private const int MostRuns = 1000;

    /// <summary>One round; gives the ratio of A to B.</summary>
    public double Round(Action first, Action second)
    {
        var a1 = Block(first);
        var b1 = Block(second);
        var b2 = Block(second);
        var a2 = Block(first);
        First.AddRange([a1, a2]);
        Second.AddRange([b1, b2]);
        return (a1 + a2) / (b1 + b2);
    }

    private double Block(Action inference)
    {
        inference();
        for (var run = 0; run < _block.Length; run++)
        {
            var before = clock.GetTimestamp();
            inference();
            _block[run] = (clock.GetTimestamp() - before) * 1e9 / clock.TimestampFrequency;
        }

        Array.Sort(_block);
        return LatencySummary.Percentile(_block, 0.5);
    }
}
