using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>
/// A device behind a hub: pushes a bundle with an order to profile it, and waits for the report of that very order.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="device">Name or id of the device.</param>
/// <param name="clock">The clock of the time limit.</param>
/// <param name="limit">Longest time from push to report.</param>
internal sealed class HubDeviceClient(HubOperator hub, string device, TimeProvider clock, TimeSpan limit) : IDeviceClient
{
    private readonly DeviceWatch _watch = new(hub, device, clock);

    /// <inheritdoc/>
    public string Name => device;

    /// <inheritdoc/>
    public async Task<ProfileReport> MeasureAsync(BundleFile bundle, ProfileSettings settings, CancellationToken cancellationToken)
    {
        await _watch.SkipPastAsync(cancellationToken).ConfigureAwait(false);
        var order = NewOrder(bundle, settings);
        var desired = await hub.PushAsync(device, bundle, order, cancellationToken).ConfigureAwait(false);
        return await ReportAsync(desired, order, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task InstallAsync(BundleFile bundle, CancellationToken cancellationToken)
    {
        await _watch.SkipPastAsync(cancellationToken).ConfigureAwait(false);
        var desired = await hub.PushAsync(device, bundle, order: null, cancellationToken).ConfigureAwait(false);
        await RequireInstalledAsync(desired, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Orders a bundle whose blobs the hub has, and waits until it runs.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="cancellationToken">Stops waiting; the order is given in any case.</param>
    /// <exception cref="EdgePruneException">The device refused it or did not report in time, or the hub does not answer.</exception>
    public async Task OrderBackAsync(SignedManifest bundle, CancellationToken cancellationToken)
    {
        await _watch.SkipPastAsync(CancellationToken.None).ConfigureAwait(false);
        var desired = await hub.SetDesiredAsync(device, new DesiredChange(bundle), CancellationToken.None).ConfigureAwait(false);
        await RequireInstalledAsync(desired, cancellationToken).ConfigureAwait(false);
    }

    private async Task RequireInstalledAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        var end = await _watch.WaitAsync(e => EndsInstall(e, desired.Revision), limit, cancellationToken).ConfigureAwait(false);
        if (end.Kind != DeviceEventKind.Installed)
        {
            throw Failure(end);
        }
    }

    /// <summary>Whether an event says how the installation of a revision ended.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="revision">The revision of the desired state.</param>
    public static bool EndsInstall(DeviceEvent happened, long revision) =>
        happened.Revision == revision && happened.Kind is (DeviceEventKind.Installed or DeviceEventKind.Rejected or DeviceEventKind.RolledBack);

    // The random end keeps a later order for the same bundle apart: a device carries out each order once.
    private static ProfileOrder NewOrder(BundleFile bundle, ProfileSettings settings) =>
        new($"{ManifestSignatures.Identity(bundle.Manifest)[..16]}-{Secrets.NewToken()[..16]}", settings);

    private async Task<ProfileReport> ReportAsync(DesiredState desired, ProfileOrder order, CancellationToken cancellationToken)
    {
        var end = await _watch.WaitAsync(e => Ends(e, desired.Revision, order.OrderId), limit, cancellationToken).ConfigureAwait(false);
        return end.Profile ?? throw Failure(end);
    }

    private static bool Ends(DeviceEvent happened, long revision, string order) => happened.Kind switch
    {
        DeviceEventKind.Profiled or DeviceEventKind.ProfileFailed => happened.OrderId == order,
        DeviceEventKind.Rejected or DeviceEventKind.RolledBack => happened.Revision == revision,
        _ => false,
    };

    /// <summary>The error that a device's refusal or failure stands for.</summary>
    /// <param name="happened">The event.</param>
    public static DeviceException Failure(DeviceEvent happened)
    {
        var code = happened.ErrorCode is { } number && Enum.IsDefined((ErrorCode)number) ? (ErrorCode)number : ErrorCode.MeasurementFailed;
        var prefix = $"EP{(int)code:0000}: ";
        var message = happened.Message ?? "It gave no reason.";
        message = message.StartsWith(prefix, StringComparison.Ordinal) ? message[prefix.Length..] : message;
        var what = happened.Kind switch
        {
            DeviceEventKind.Rejected => "refused the bundle; the model it had keeps serving",
            DeviceEventKind.RolledBack => "rolled the bundle back; the model before it serves again",
            _ => "could not measure the model",
        };
        return new DeviceException(code, $"The device {what}. {message}");
    }
}
