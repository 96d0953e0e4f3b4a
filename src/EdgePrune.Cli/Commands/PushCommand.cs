using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary><c>push</c>: ships a bundle to a device.</summary>
internal sealed class PushCommand : VerbCommand
{
    private readonly Argument<string> _bundle = new("bundle") { Description = "The signed bundle (.epb)." };
    private readonly DeviceOptions _device;
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until the device has installed the bundle, or refused it." };

    public PushCommand(ToolShell shell)
        : base(shell, "push", "Ship a signed bundle to a device: the hub gets the bytes it lacks, the device installs it when it next asks.",
            "edgeprune push model.epb --hub http://127.0.0.1:8420 --device door-camera-7 --wait")
    {
        Add(_bundle);
        _device = new DeviceOptions(this, isRequired: true);
        Add(_wait);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var bundle = BundleFiles.Read(parse.GetRequiredValue(_bundle));
        var manifest = ManifestSignatures.Parse(bundle.Manifest.Payload);
        var device = _device.Name(parse);
        using var hub = _device.Connect(parse, screen.Shell);
        var watch = new DeviceWatch(hub, device, screen.Shell.Clock);
        await watch.SkipPastAsync(cancellationToken).ConfigureAwait(false);
        var desired = await hub.PushAsync(device, bundle, order: null, cancellationToken).ConfigureAwait(false);
        var end = parse.GetValue(_wait)
            ? await WaitAsync(screen, watch, desired.Revision, _device.Timeout(parse), cancellationToken).ConfigureAwait(false)
            : null;
        if (end is { Kind: not DeviceEventKind.Installed })
        {
            throw HubDeviceClient.Failure(end);
        }

        screen.Say($"'{manifest.Name}' version {manifest.Version} {(end is null ? "is ordered for" : "runs on")} {device} (revision {desired.Revision}).");
        screen.Json(new PushResult(device, manifest.Name, manifest.Version, desired.Revision, IsInstalled: end is not null), CliJson.Default.PushResult);
        return ExitCodes.Done;
    }

    private static Task<DeviceEvent> WaitAsync(Screen screen, DeviceWatch watch, long revision, TimeSpan limit, CancellationToken cancellationToken) =>
        WorkProgress.RunAsync(screen, "Waiting for the device", new WorkExtent(), steps =>
        {
            steps.Report("it installs the bundle when it next asks");
            return watch.WaitAsync(e => HubDeviceClient.EndsInstall(e, revision), limit, cancellationToken);
        });
}
