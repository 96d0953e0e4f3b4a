using System.Collections.Concurrent;

namespace EdgePrune.Hub;

/// <summary>Wakes whoever waits for a change of one device. Take <see cref="Next"/> before reading the state, so that no change slips between.</summary>
internal sealed class ChangeSignal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Ends at the next change.</summary>
    public Task Next(string deviceId) =>
        _waiting.GetOrAdd(deviceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes all who wait for the device.</summary>
    public void Raise(string deviceId)
    {
        if (_waiting.TryRemove(deviceId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }
}
