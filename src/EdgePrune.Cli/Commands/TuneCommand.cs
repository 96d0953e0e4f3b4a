using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>tune</c>: finds the rate for a model and a device, with the device's own measurements deciding.</summary>
internal sealed class TuneCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly EvaluatorOption _evaluator;
    private readonly BudgetOption _budget;
    private readonly PruningOptions _pruning;
    private readonly GroupingChoices _grouping;
    private readonly RecoveryOptions _recovery;
    private readonly SearchOptions _search;
    private readonly ProfileOptions _profile;
    private readonly DeviceOptions _device;
    private readonly ReleaseOptions _release;
    private readonly Option<string?> _out = new("--out") { Description = "Folder for the results. Default: out/<model>.", HelpName = "FOLDER" };
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite the results of an earlier search." };

    public TuneCommand(ToolShell shell)
        : base(shell, "tune",
            "Find the lowest rate whose model meets a budget on a device: prune, quantize, push, profile there, pick. Without --device, a hub in the tool and an agent on this machine are used.",
            "edgeprune tune model.onnx --data samples/ --budget latency=50ms,file=10%,loss=0.5\nedgeprune tune model.onnx --data samples/ --target raspberry-pi-4 --hub http://10.0.0.2:8420 --device door-camera-7 --key release.pem")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "With labels, accuracy is scored by them; without, by agreement with the original.", isRequired: true, hasLabels: true);
        _evaluator = new EvaluatorOption(this);
        _budget = new BudgetOption(this);
        _pruning = new PruningOptions(this, hasRate: false);
        _grouping = new GroupingChoices(this);
        _recovery = new RecoveryOptions(this);
        _search = new SearchOptions(this);
        _profile = new ProfileOptions(this);
        _device = new DeviceOptions(this);
        _release = new ReleaseOptions(this, isKeyRequired: false);
        Add(_out);
        Add(_force);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var path = _model.PathOf(parse);
        var folder = parse.GetValue(_out) ?? Path.Combine("out", Path.GetFileNameWithoutExtension(path));
        TuningOutputs.RequireFree(folder, parse.GetValue(_force));
        var target = _pruning.Target(parse) ?? TargetCatalog.Default().Find(TargetCatalog.ThisMachine);
        var options = Asked(parse, target);
        var hands = await TrainingHands.FindAsync(screen, options.Compression, _data.ReferenceBesideScore(parse), cancellationToken).ConfigureAwait(false);
        var job = Job(parse, options, folder) with { Trainer = hands.Trainer, HeldOut = hands.HeldOut };
        using var evaluator = job.Evaluator as IDisposable;
        screen.Say($"Budget: {BudgetText.Print(job.Options.Budget)} (percents of the original on the same device).");
        var report = _device.IsGiven(parse)
            ? await OnDeviceAsync(parse, screen, job, target, cancellationToken).ConfigureAwait(false)
            : await HereAsync(screen, job, target, cancellationToken).ConfigureAwait(false);
        return TuningRun.ExitCode(report);
    }

    // Options first: a misspelt budget should not wait for a model to load.
    private TuningOptions Asked(ParseResult parse, Target target) => _search.Read(parse, new TuningOptions
    {
        Budget = _budget.Read(parse, target.Budget),
        Compression = _recovery.Read(parse, _pruning.Read(parse) with { Target = target }),
        Grouping = _grouping.Read(parse),
        Profile = _profile.Read(parse, target),
    });

    private TuningJob Job(ParseResult parse, TuningOptions options, string folder)
    {
        var model = _model.Read(parse);
        var labelled = _data.Open(parse, SampleSplit.Test);
        return new TuningJob
        {
            Model = model,
            Samples = _data.OpenForCalibration(parse)!,
            Evaluator = Evaluators.For(OnnxFile.ToBytes(model), labelled, _evaluator.Command(parse)),
            Options = options,
            OutputFolder = folder,
        };
    }

    private async Task<TuningReport> OnDeviceAsync(ParseResult parse, Screen screen, TuningJob job, Target target, CancellationToken cancellationToken)
    {
        using var key = _release.ReadKey(parse);
        using var hub = _device.Connect(parse, screen.Shell);
        var device = new HubDeviceClient(hub, _device.Name(parse), screen.Shell.Clock, _device.Timeout(parse));
        var bundler = _release.Bundler(parse, key, _model.PathOf(parse), [target.Name], screen.Shell.Clock);
        return await new TuningRun(screen).RunAsync(job, device, bundler, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<TuningReport> HereAsync(Screen screen, TuningJob job, Target target, CancellationToken cancellationToken)
    {
        screen.Note("Starting a hub and an agent on this machine.");
        var state = Path.Combine(job.OutputFolder, "agent");
        StateFolder.MakeAnew(state);
        await using var fleet = await LocalFleet.StartAsync(state, target.Name, screen.Shell, cancellationToken).ConfigureAwait(false);
        var names = new BundlerOptions { Name = BundlerOptions.SanitizeName(job.Model.Name), Targets = [target.Name] };
        var bundler = new ModelBundler(fleet.Key, names, new VersionSequence(), screen.Shell.Clock);
        return await new TuningRun(screen).RunAsync(job, fleet.Device(), bundler, cancellationToken).ConfigureAwait(false);
    }
}
