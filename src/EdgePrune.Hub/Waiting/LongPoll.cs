namespace EdgePrune.Hub;

/// <summary>Answers as soon as there is something, or with nothing when the wait is over or the hub shuts down.</summary>
internal sealed class LongPoll(TimeProvider clock, CancellationToken stopping)
{
    /// <summary>Reads now and after every change until there is an answer.</summary>
    /// <param name="signal">What wakes.</param>
    /// <param name="deviceId">The device that is waited for.</param>
    /// <param name="read">Reads the state; null when there is nothing yet.</param>
    /// <param name="wait">How long at most.</param>
    /// <param name="aborted">Ends when nobody waits for the answer any more.</param>
    public async Task<T?> WaitAsync<T>(ChangeSignal signal, string deviceId, Func<T?> read, TimeSpan wait, CancellationToken aborted)
        where T : class
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        var start = clock.GetTimestamp();
        while (true)
        {
            var next = signal.Next(deviceId);
            var remaining = wait - clock.GetElapsedTime(start);
            if (read() is { } answer)
            {
                return answer;
            }

            if (remaining <= TimeSpan.Zero || !await HappensAsync(next, remaining, ended.Token))
            {
                aborted.ThrowIfCancellationRequested();
                return null;
            }
        }
    }

    private async Task<bool> HappensAsync(Task next, TimeSpan remaining, CancellationToken ended)
    {
        try
        {
            await next.WaitAsync(remaining, clock, ended);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
