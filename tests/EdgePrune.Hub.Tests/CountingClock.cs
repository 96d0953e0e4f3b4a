using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Hub.Tests;

/// <summary>A clock that stands still, and tells when somebody has begun to wait on it.</summary>
internal sealed class CountingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public CountingClock()
        : base(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
    }

    /// <summary>Ends when that many waits have begun since the last call.</summary>
    public async Task WaitsBegunAsync(int count = 1)
    {
        // A limit in real time, so that a hub that never waits fails the test and does not hang it.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var i = 0; i < count; i++)
        {
            await _timers.Reader.ReadAsync(limit.Token);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            _timers.Writer.TryWrite(dueTime);
        }

        return timer;
    }
}
