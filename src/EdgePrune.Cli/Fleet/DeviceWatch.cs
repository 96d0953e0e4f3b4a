using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>Follows what a device reports to its hub.</summary>
/// <param name="hub">The hub.</param>
/// <param name="device">Name or id of the device.</param>
/// <param name="clock">The clock of the time limit.</param>
internal sealed class DeviceWatch(HubOperator hub, string device, TimeProvider clock)
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(20);

    private long _after;

    /// <summary>Skips what was reported before now.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="NetworkException">The hub does not answer or does not know the device.</exception>
    public async Task SkipPastAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false) is { Count: > 0 })
        {
        }
    }

    /// <summary>Waits for an event that ends something.</summary>
    /// <param name="isEnd">Whether an event is the one that is waited for.</param>
    /// <param name="limit">Longest time to wait.</param>
    /// <param name="cancellationToken">Stops waiting; the device goes on.</param>
    /// <returns>The event.</returns>
    /// <exception cref="DeviceException">The device did not report in time.</exception>
    /// <exception cref="NetworkException">The hub does not answer.</exception>
    public async Task<DeviceEvent> WaitAsync(Func<DeviceEvent, bool> isEnd, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var left = limit; left > TimeSpan.Zero; left = limit - clock.GetElapsedTime(start))
        {
            var events = await NextAsync(left < LongestPoll ? left : LongestPoll, cancellationToken).ConfigureAwait(false);
            if (events.FirstOrDefault(isEnd) is { } end)
            {
                return end;
            }
        }

        throw new DeviceException(ErrorCode.DeviceTimeout,
            $"Device '{device}' did not report within {Durations.Print(limit)}. Look at the agent's log, or wait longer with --timeout.");
    }

    /// <summary>Orders a measurement of the model that runs there; what was reported before is skipped.</summary>
    /// <param name="settings">How to measure.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The order, for <see cref="ReportAsync"/>.</returns>
    /// <exception cref="NetworkException">The hub does not answer or does not know the device.</exception>
    public async Task<ProfileOrder> OrderAsync(ProfileSettings settings, CancellationToken cancellationToken)
    {
        await SkipPastAsync(cancellationToken).ConfigureAwait(false);
        var order = new ProfileOrder(Secrets.NewToken(), settings);
        await hub.SetDesiredAsync(device, new DesiredChange(Profile: order), cancellationToken).ConfigureAwait(false);
        return order;
    }

    /// <summary>Waits for the report of a measurement.</summary>
    /// <param name="order">The order.</param>
    /// <param name="limit">Longest time to wait.</param>
    /// <param name="cancellationToken">Stops waiting; the device goes on.</param>
    /// <returns>The report.</returns>
    /// <exception cref="EdgePruneException">The device failed to measure or did not report in time, or the hub does not answer.</exception>
    public async Task<ProfileReport> ReportAsync(ProfileOrder order, TimeSpan limit, CancellationToken cancellationToken)
    {
        var end = await WaitAsync(e => e.OrderId == order.OrderId, limit, cancellationToken).ConfigureAwait(false);
        return end.Profile ?? throw HubDeviceClient.Failure(end);
    }

    private async Task<IReadOnlyList<DeviceEvent>> NextAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        var page = await hub.WaitForEventsAsync(device, _after, wait, cancellationToken).ConfigureAwait(false);
        _after = page.Events is [.., var last] ? last.Sequence : _after;
        return page.Events;
    }
}
