namespace EdgePrune.Profiler;

/// <summary>
/// Starts one run each period, as an application does that waits for its next input. Between runs the processor idles: the
/// clock may drop and the caches cool, which a loop without pauses never shows.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="period">Time from start to start.</param>
/// <param name="wait">Waits for a while.</param>
internal sealed class Pacer(TimeProvider clock, TimeSpan period, Action<TimeSpan> wait)
{
    private static readonly ManualResetEventSlim Never = new(initialState: false, spinCount: 0);

    private readonly long _period = (long)(period.TotalSeconds * clock.TimestampFrequency);
    private long? _due;

    /// <summary>Sleeps on the calling thread, to the millisecond.</summary>
    public static void Sleep(TimeSpan duration) => Never.Wait(duration);

    /// <summary>Waits until the next run is due. A run that took longer than the period moves all later ones.</summary>
    public void Next()
    {
        var now = clock.GetTimestamp();
        var due = Math.Max(now, _due ?? now);
        if (due > now)
        {
            wait(clock.GetElapsedTime(now, due));
        }

        _due = due + _period;
    }
}
