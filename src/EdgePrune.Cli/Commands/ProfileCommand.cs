using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary><c>profile</c>: measures a model here, or the model that runs on a device.</summary>
internal sealed class ProfileCommand : VerbCommand
{
    private readonly Argument<string?> _model = new("model") { Description = "The .onnx file; none with --device, which measures the model that runs there.", Arity = ArgumentArity.ZeroOrOne };
    private readonly ProfileOptions _profile;
    private readonly TargetOption _target;
    private readonly DeviceOptions _device;

    public ProfileCommand(ToolShell shell)
        : base(shell, "profile", "Measure latency, memory, energy and operator times in a fresh process, with confidence bounds and a verdict on the run.",
            "edgeprune profile model.onnx --threads 2\nedgeprune profile --hub http://127.0.0.1:8420 --device door-camera-7")
    {
        Add(_model);
        _profile = new ProfileOptions(this);
        _target = new TargetOption(this);
        _device = new DeviceOptions(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var settings = _profile.Read(parse, _target.Find(parse));
        var report = _device.IsGiven(parse)
            ? await OnDeviceAsync(parse, screen, settings, cancellationToken).ConfigureAwait(false)
            : await HereAsync(parse, screen, settings, cancellationToken).ConfigureAwait(false);
        ProfileView.Print(screen, report);
        screen.Json(report, ContractsJson.Default.ProfileReport);
        return ExitCodes.Done;
    }

    private Task<ProfileReport> HereAsync(ParseResult parse, Screen screen, ProfileSettings settings, CancellationToken cancellationToken)
    {
        var model = parse.GetValue(_model)
            ?? throw new InputException(ErrorCode.InvalidOption, "There is nothing to measure. Name a model, or a device with --hub and --device.");
        var profiler = new ChildProcessProfiler(MeasuringProgram.Current()) { Clock = screen.Shell.Clock };
        return WorkProgress.RunAsync(screen, "Measuring", WorkExtent.Lasting(ProfileOptions.About(settings)), steps =>
        {
            steps.Report($"cold start, warm-up, {settings.Windows} windows of {Durations.Print(settings.Window)}");
            return profiler.ProfileAsync(model, settings, cancellationToken);
        });
    }

    private async Task<ProfileReport> OnDeviceAsync(ParseResult parse, Screen screen, ProfileSettings settings, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_model) is { } model)
        {
            throw new InputException(ErrorCode.InvalidOption, $"A device measures the model that runs on it, not '{model}'. Push a bundle with 'edgeprune push' first, then leave the model out.");
        }

        var device = _device.Name(parse);
        using var hub = _device.Connect(parse, screen.Shell);
        var watch = new DeviceWatch(hub, device, screen.Shell.Clock);
        await watch.SkipPastAsync(cancellationToken).ConfigureAwait(false);
        var order = new ProfileOrder(Secrets.NewToken(), settings);
        await hub.SetDesiredAsync(device, new DesiredChange(Profile: order), cancellationToken).ConfigureAwait(false);
        var end = await WorkProgress.RunAsync(screen, $"Measuring on {device}", WorkExtent.Lasting(ProfileOptions.About(settings)), steps =>
        {
            steps.Report("the device measures when it next asks");
            return watch.WaitAsync(e => e.OrderId == order.OrderId, _device.Timeout(parse), cancellationToken);
        }).ConfigureAwait(false);
        return end.Profile ?? throw HubDeviceClient.Failure(end);
    }
}
