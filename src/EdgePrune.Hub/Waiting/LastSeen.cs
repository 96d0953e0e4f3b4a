using System.Collections.Concurrent;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>
/// When each device was last heard. Exact in memory, and on disk to the minute: a write for each poll of each device
/// would wear the disk out for nothing.
/// </summary>
internal sealed class LastSeen(DeviceTable devices, TimeProvider clock)
{
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);

    /// <summary>Notes that a device was heard now.</summary>
    public async Task NoteAsync(DeviceRow device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        _heard[device.Id] = now;
        if (now - device.LastSeen >= Precision)
        {
            await devices.SeenAsync(device.Id, now, ct);
        }
    }

    /// <summary>A device with the latest moment it was heard.</summary>
    public DeviceInfo Refresh(DeviceInfo device) =>
        _heard.TryGetValue(device.DeviceId, out var heard) && heard > device.LastSeen ? device with { LastSeen = heard } : device;

    /// <summary>Writes what only the memory knows.</summary>
    public Task SaveAsync() => Task.WhenAll(_heard.Select(h => devices.SeenAsync(h.Key, h.Value, CancellationToken.None)));
}
