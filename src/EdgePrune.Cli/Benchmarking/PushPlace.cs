using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>
/// A device behind a hub that is sent each model before it measures it. What it ran before is ordered back in the end.
/// Every change of the model is a bundle of its own, because a device takes no version twice once a higher one came; the
/// bytes go over the network once.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="device">The device.</param>
/// <param name="release">Makes the bundler for the device's target.</param>
/// <param name="clock">The clock of the time limit.</param>
/// <param name="limit">Longest time from push to report.</param>
internal sealed class PushPlace(HubOperator hub, BenchDevice device, Func<string, IBundler> release, TimeProvider clock, TimeSpan limit) : IBenchPlace
{
    private static readonly Dictionary<string, string> NoNotes = [];

    private readonly HubDeviceClient _client = new(hub, device.Name, clock, limit);
    private IBundler? _bundler;
    private bool _wasPushed;
    private (string Model, string Sha256)? _pushed;

    /// <inheritdoc/>
    public string Name => device.Name;

    /// <inheritdoc/>
    public Task<string> FingerprintAsync(ProfileSettings settings, CancellationToken cancellationToken) => device.IdentityAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ProfileReport> MeasureAsync(BenchModel model, ProfileSettings settings, CancellationToken cancellationToken)
    {
        var key = $"{model.Sha256} {model.Content}";
        if (_pushed is { } pushed && pushed.Model == key)
        {
            return await AgainAsync(pushed.Sha256, settings, cancellationToken).ConfigureAwait(false);
        }

        var info = await device.FindAsync(cancellationToken).ConfigureAwait(false);
        var bundle = Pack(_bundler ??= release(info.Target), model.Path);
        (_pushed, _wasPushed) = (null, true);
        var report = await _client.MeasureAsync(bundle, settings, cancellationToken).ConfigureAwait(false);
        _pushed = (key, report.ModelSha256);
        return report;
    }

    /// <summary>Orders back what ran before, and waits until it runs.</summary>
    /// <param name="cancellationToken">Stops waiting; the order is given in any case.</param>
    /// <returns>What there is to say, or null.</returns>
    public async Task<string?> LeaveAsync(CancellationToken cancellationToken)
    {
        if (!_wasPushed)
        {
            return null;
        }

        var before = (await device.FindAsync(CancellationToken.None).ConfigureAwait(false)).RunningBundle;
        if (before is null)
        {
            return $"{Name} ran nothing before, as far as its hub knows, and runs the last model that it took. Push what it should run.";
        }

        try
        {
            var manifest = await hub.ReadBundleAsync(before, CancellationToken.None).ConfigureAwait(false);
            await _client.OrderBackAsync(manifest, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (EdgePruneException e)
        {
            return $"{Name} did not get back what it ran before, bundle {ProfileView.Short(before)}: {e.Message}";
        }
    }

    private async Task<ProfileReport> AgainAsync(string sha256, ProfileSettings settings, CancellationToken cancellationToken)
    {
        var watch = new DeviceWatch(hub, device.Name, clock);
        var order = await watch.OrderAsync(settings, cancellationToken).ConfigureAwait(false);
        var report = await watch.ReportAsync(order, limit, cancellationToken).ConfigureAwait(false);
        if (report.ModelSha256 == sha256)
        {
            return report;
        }

        _pushed = null;
        throw new DeviceException(ErrorCode.MeasurementFailed, $"Device '{Name}' was given another model while the bench ran, and measured that. Keep others from pushing to it, then run the same command again; finished cells are kept.");
    }

    private static BundleFile Pack(IBundler bundler, string path)
    {
        try
        {
            return bundler.Pack(File.ReadAllBytes(path), NoNotes);
        }
        catch (ModelException)
        {
            // The file alone cannot run; with its external data it may, and else the reason is that of the whole model.
            return bundler.Pack(OnnxFile.ToBytes(OnnxFile.Read(path)), NoNotes);
        }
    }
}
