using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>A device behind a hub. It measures the model that runs there, so any other model fails with advice.</summary>
/// <param name="hub">The hub.</param>
/// <param name="device">The device.</param>
/// <param name="clock">The clock of the time limit.</param>
/// <param name="limit">Longest time from order to report.</param>
internal sealed class DevicePlace(HubOperator hub, BenchDevice device, TimeProvider clock, TimeSpan limit) : IBenchPlace
{
    private string? _running;

    /// <inheritdoc/>
    public string Name => device.Name;

    /// <inheritdoc/>
    public Task<string> FingerprintAsync(ProfileSettings settings, CancellationToken cancellationToken) => device.IdentityAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ProfileReport> MeasureAsync(BenchModel model, ProfileSettings settings, CancellationToken cancellationToken)
    {
        Require(model);
        var watch = new DeviceWatch(hub, device.Name, clock);
        var order = await watch.OrderAsync(settings, cancellationToken).ConfigureAwait(false);
        var report = await watch.ReportAsync(order, limit, cancellationToken).ConfigureAwait(false);
        _running = report.ModelSha256;
        Require(model);
        return report;
    }

    /// <inheritdoc/>
    public Task<string?> LeaveAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    // Once a report has told what runs there, other models fail without a measurement.
    private void Require(BenchModel model)
    {
        if (_running is not null && _running != model.Sha256)
        {
            throw new DeviceException(ErrorCode.MeasurementFailed,
                $"Device '{device.Name}' runs another model (SHA-256 {ProfileView.Short(_running)}, not {ProfileView.Short(model.Sha256)}). Name a key that the device trusts with --key, so that the bench pushes each model; or push this one with 'edgeprune push --wait' and run the same command again. Finished cells are kept.");
        }
    }
}
