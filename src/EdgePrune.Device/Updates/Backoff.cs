namespace EdgePrune.Device;

/// <summary>
/// Waits between attempts, longer after each failure and at random, so that devices that lost the hub together do not
/// come back together: uniform between 0 and <c>min(longest, first * 2^failures)</c> ("full jitter").
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">The source of chance.</param>
internal sealed class Backoff(TimeProvider time, Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; private set; }

    /// <summary>An attempt succeeded.</summary>
    public void Reset() => Failures = 0;

    /// <summary>An attempt failed: waits before the next.</summary>
    /// <param name="asked">What the hub asked for with <c>Retry-After</c>, or null; honoured up to an hour.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task WaitAsync(TimeSpan? asked, CancellationToken ct) => Task.Delay(Next(asked), time, ct);

    /// <summary>Counts a failure.</summary>
    /// <param name="asked">What the hub asked for, or null.</param>
    /// <returns>How long to wait.</returns>
    public TimeSpan Next(TimeSpan? asked)
    {
        var ceiling = Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(Failures++, 30)));
        var wait = TimeSpan.FromSeconds(random.NextDouble() * ceiling);
        var floor = asked is { } a && a > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(a.Ticks, LongestAsked.Ticks)) : TimeSpan.Zero;
        return wait > floor ? wait : floor;
    }
}
