using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A device behind a hub. It measures the model that runs there, so any other model fails with advice.</summary>
/// <param name="hub">The hub.</param>
/// <param name="device">Name or id of the device.</param>
/// <param name="clock">The clock of the time limit.</param>
/// <param name="limit">Longest time from order to report.</param>
internal sealed class DevicePlace(HubOperator hub, string device, TimeProvider clock, TimeSpan limit) : IBenchPlace
{
    private string? _running;
    private Task<string>? _identity;

    /// <inheritdoc/>
    public string Name => device;

    /// <summary>A device tells its fingerprint only in a report; its identity and its agent stand for it.</summary>
    /// <param name="settings">Not asked.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public Task<string> FingerprintAsync(ProfileSettings settings, CancellationToken cancellationToken) => _identity ??= IdentityAsync(cancellationToken);

    // Asked once: a hub that does not answer is not waited for again with every cell.
    private async Task<string> IdentityAsync(CancellationToken cancellationToken)
    {
        var devices = await hub.ListDevicesAsync(cancellationToken).ConfigureAwait(false);
        var found = devices.FirstOrDefault(d => d.Name == device || d.DeviceId == device)
            ?? throw new NetworkException(ErrorCode.UnknownDevice, $"The hub knows no device '{device}'. Correct the name in --device, or enroll it.");
        return $"{found.DeviceId} {found.Target} {found.AgentVersion}";
    }

    /// <inheritdoc/>
    public async Task<ProfileReport> MeasureAsync(BenchModel model, ProfileSettings settings, CancellationToken cancellationToken)
    {
        Require(model);
        var watch = new DeviceWatch(hub, device, clock);
        var order = await watch.OrderAsync(settings, cancellationToken).ConfigureAwait(false);
        var report = await watch.ReportAsync(order, limit, cancellationToken).ConfigureAwait(false);
        _running = report.ModelSha256;
        Require(model);
        return report;
    }

    // Once a report has told what runs there, other models fail without a measurement.
    private void Require(BenchModel model)
    {
        if (_running is not null && _running != model.Sha256)
        {
            throw new DeviceException(ErrorCode.MeasurementFailed,
                $"Device '{device}' runs another model (SHA-256 {ProfileView.Short(_running)}, not {ProfileView.Short(model.Sha256)}). Push a bundle of this one with 'edgeprune push --wait', then run the same command again; finished cells are kept.");
        }
    }
}
