using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;
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
        var job = Job(parse, Asked(parse, target), folder, cancellationToken);
        using var evaluator = job.Evaluator as IDisposable;
        using var place = _device.IsGiven(parse) ? Place(parse, screen.Shell, target) : null;
        if (place is null)
        {
            StateFolder.RequireFree(job.StateFolder);
        }

        // Last of what may refuse: it may build the training program, which takes minutes.
        var hands = await TrainingHands.FindAsync(screen, job.Start.Model, job.Start.Options.Compression, _data.ReferenceBesideScore(parse), cancellationToken).ConfigureAwait(false);
        job = job with { Trainer = hands.Trainer, HeldOut = hands.HeldOut };
        screen.Say($"Budget: {BudgetText.Print(job.Start.Options.Budget)} (percents of the original on the same device).");
        var run = new TuningRun(screen);
        var report = place is null
            ? await run.RunHereAsync(job, target, BundlerOptions.SanitizeName(job.Start.Model.Name), cancellationToken).ConfigureAwait(false)
            : await run.RunAsync(job, place.Device, place.Bundler, cancellationToken).ConfigureAwait(false);
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

    private TuningJob Job(ParseResult parse, TuningOptions options, string folder, CancellationToken cancellationToken)
    {
        var model = _model.Read(parse);
        return new TuningJob
        {
            Start = TuningStart.Of(model, _data.OpenForCalibration(parse)!, options, cancellationToken),
            Evaluator = Evaluators.For(OnnxFile.ToBytes(model), _data.Open(parse, SampleSplit.Test), _evaluator.Command(parse)),
            OutputFolder = folder,
        };
    }

    private FleetPlace Place(ParseResult parse, ToolShell shell, Target target)
    {
        var key = _release.ReadKey(parse);
        var hub = _device.Connect(parse, shell);
        var device = new HubDeviceClient(hub, _device.Name(parse), shell.Clock, _device.Timeout(parse));
        return new FleetPlace(key, hub, device, _release.Bundler(parse, key, _model.PathOf(parse), [target.Name], shell.Clock));
    }

    /// <summary>A device of a fleet, and what it is reached and signed for with.</summary>
    private sealed record FleetPlace(SigningKey Key, HubOperator Hub, IDeviceClient Device, IBundler Bundler) : IDisposable
    {
        public void Dispose()
        {
            Hub.Dispose();
            Key.Dispose();
        }
    }
}
