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
    private readonly ProfileModes _modes;
    private readonly HistoryKeeper _history;

    public ProfileCommand(ToolShell shell)
        : base(shell, "profile", "Measure latency, memory, energy and operator times in a fresh process, with confidence bounds and a verdict on the run.",
            "edgeprune profile model.onnx --threads 2\nedgeprune profile pruned.onnx --against model.onnx\nedgeprune profile model.onnx --baseline 3f9a0c12\nedgeprune profile --compare 3f9a0c12 b771e0d4\nedgeprune profile model.onnx --sweep threads,spin,arena,pattern,prepack,denormals --save-target my-board.json\nedgeprune profile model.onnx --target my-board.json\nedgeprune profile --hub http://127.0.0.1:8420 --device door-camera-7")
    {
        Add(_model);
        _profile = new ProfileOptions(this);
        _modes = new ProfileModes(this);
        _target = new TargetOption(this);
        _device = new DeviceOptions(this);
        _history = new HistoryKeeper(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        if (_modes.Compared(parse) is { } runs)
        {
            return await CompareKeptAsync(parse, screen, runs, cancellationToken).ConfigureAwait(false);
        }

        var target = _target.Find(parse);
        var settings = _modes.Apply(parse, _profile.Read(parse, target));
        var onDevice = _device.IsGiven(parse);
        _modes.RequireOne(parse, onDevice);
        _history.RequireSound(parse);
        var baseline = await _modes.BaselineAsync(parse, screen.Shell, _history.Folder(parse, screen.Shell), cancellationToken).ConfigureAwait(false);
        if (_modes.Against(parse) is { } reference)
        {
            return await CompareAsync(screen, RequireModel(parse), reference, settings, cancellationToken).ConfigureAwait(false);
        }

        if (_modes.Sweep(parse) is { Count: > 0 } axes)
        {
            var store = _modes.SaveTarget(parse) is { } path ? new KeptTarget(path, _target.Name(parse)) : null;
            return await SweepAsync(screen, RequireModel(parse), SettingsSweep.Candidates(settings, axes, Math.Min(Environment.ProcessorCount, target?.Hardware.Cores ?? int.MaxValue)), target, store, cancellationToken).ConfigureAwait(false);
        }

        var report = onDevice
            ? await OnDeviceAsync(parse, screen, settings, cancellationToken).ConfigureAwait(false)
            : await HereAsync(screen, RequireModel(parse), settings, target, cancellationToken).ConfigureAwait(false);
        report = target is null ? report : TargetEnergy.Complete(report, target);
        // Before the comparison, which may refuse.
        var kept = onDevice ? null : await _history.KeepAsync(parse, screen, RequireModel(parse), report).ConfigureAwait(false);
        var ratio = baseline is null ? null : ReportComparison.Compare(report, baseline, _modes.AcrossConditions(parse));
        ProfileView.Print(screen, report);
        if (ratio is not null)
        {
            ComparisonView.PrintBaseline(screen, ratio);
        }

        if (kept is not null)
        {
            screen.Say();
            screen.Say($"Kept as {RunFinder.Short(kept.Id)}; 'edgeprune history list' shows all.");
        }

        screen.Json(report, ContractsJson.Default.ProfileReport);
        return ExitCodes.Done;
    }

    private async Task<int> CompareKeptAsync(ParseResult parse, Screen screen, (string Before, string After) runs, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_model) is { } model)
        {
            throw new InputException(ErrorCode.InvalidOption, $"--compare measures nothing, so '{model}' has no place in it. Leave the model out, or use --against to run two models in turn.");
        }

        var hub = _device.HasHub(parse) ? _device.Connect(parse, screen.Shell) : null;
        await using var histories = new OpenHistories(hub, HistorySources.OpenLocal(_history.Folder(parse, screen.Shell), screen.Shell));
        return await RunComparison.RunAsync(screen, histories, runs, _modes.AcrossConditions(parse), cancellationToken).ConfigureAwait(false);
    }

    private string RequireModel(ParseResult parse) => parse.GetValue(_model)
        ?? throw new InputException(ErrorCode.InvalidOption, "There is nothing to measure. Name a model, or a device with --hub and --device.");

    private static ChildProcessProfiler Profiler(Screen screen) => new(MeasuringProgram.Current()) { Clock = screen.Shell.Clock };

    private static async Task<ProfileReport> HereAsync(Screen screen, string model, ProfileSettings settings, Target? target, CancellationToken cancellationToken)
    {
        var predicted = PeakForecast.Announce(screen, model, target);
        var report = await WorkProgress.RunAsync(screen, "Measuring", WorkExtent.Lasting(ProfileOptions.About(settings)), steps =>
        {
            steps.Report($"cold start, warm-up, {settings.Windows} windows of {Durations.Print(settings.Window)}");
            return Profiler(screen).ProfileAsync(model, settings, cancellationToken);
        }).ConfigureAwait(false);
        return report with { PredictedMemory = predicted };
    }

    private static async Task<int> CompareAsync(Screen screen, string model, string reference, ProfileSettings settings, CancellationToken cancellationToken)
    {
        var report = await WorkProgress.RunAsync(screen, "Comparing", WorkExtent.Lasting(ProfileOptions.About(settings)), steps =>
        {
            steps.Report("both models in turn, A B B A");
            return Profiler(screen).CompareAsync(model, reference, settings, cancellationToken);
        }).ConfigureAwait(false);
        ComparisonView.Print(screen, report);
        screen.Json(report, ContractsJson.Default.ComparisonReport);
        return ExitCodes.Done;
    }

    private static async Task<int> SweepAsync(Screen screen, string model, IReadOnlyList<ProfileSettings> candidates, Target? target, KeptTarget? kept, CancellationToken cancellationToken)
    {
        var report = await WorkProgress.RunAsync(screen, "Sweeping", WorkExtent.Lasting(candidates.Count * ProfileOptions.About(candidates[0])), steps =>
        {
            steps.Report($"{candidates.Count} settings, each in a process of its own");
            return new SettingsSweep(Profiler(screen)).RunAsync(model, candidates, progress: null, cancellationToken);
        }).ConfigureAwait(false);
        report = target is null ? report : report with { Trials = [.. report.Trials.Select(t => TargetEnergy.Complete(t, target))] };
        ComparisonView.Print(screen, report);
        kept?.Keep(screen, report, model);
        screen.Json(report, ContractsJson.Default.SweepReport);
        return ExitCodes.Done;
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
        var order = await watch.OrderAsync(settings, cancellationToken).ConfigureAwait(false);
        return await WorkProgress.RunAsync(screen, $"Measuring on {device}", WorkExtent.Lasting(ProfileOptions.About(settings)), steps =>
        {
            steps.Report("the device measures when it next asks");
            return watch.ReportAsync(order, _device.Timeout(parse), cancellationToken);
        }).ConfigureAwait(false);
    }
}
