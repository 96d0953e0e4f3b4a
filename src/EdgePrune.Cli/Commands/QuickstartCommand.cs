using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>quickstart</c>: the whole loop on the sample, with a real hub and a real agent on this machine.</summary>
internal sealed class QuickstartCommand : VerbCommand
{
    /// <summary>The budget when none is stated: relative to the original on this very machine.</summary>
    public const string DefaultBudget = "latency=60%,memory=100%,file=10%,loss=0.5";

    private readonly Option<string> _out = new("--out") { Description = "Folder for the results; those of an earlier quickstart are replaced.", HelpName = "FOLDER", DefaultValueFactory = _ => Path.Combine("out", "quickstart") };
    private readonly TargetOption _target;
    private readonly BudgetOption _budget;
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random.", HelpName = "NUMBER", DefaultValueFactory = _ => new CompressionOptions().Seed };
    private readonly SearchOptions _search;
    private readonly ProfileOptions _profile;

    public QuickstartCommand(ToolShell shell)
        : base(shell, "quickstart",
            $"Prune, quantize, push, profile and pick on the sample, with a hub in the tool and a real agent process on this machine. Budget: {DefaultBudget}; --budget or --target replaces it.",
            "edgeprune quickstart\nedgeprune quickstart --target raspberry-pi-4 --budget latency=50%,loss=1")
    {
        Add(_out);
        _target = new TargetOption(this);
        _budget = new BudgetOption(this);
        Add(_seed);
        _search = new SearchOptions(this);
        _profile = new ProfileOptions(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var target = _target.FindOrThisMachine(parse);
        var job = Job(parse, target, cancellationToken);
        screen.Say($"Sample: {job.Start.Model.Name}. Budget: {BudgetText.Print(job.Start.Options.Budget)} (percents of the original on this machine).");
        var report = await new TuningRun(screen).RunHereAsync(job, target, "mnist-cnn", cancellationToken).ConfigureAwait(false);
        PrintNext(screen, job.OutputFolder);
        return TuningRun.ExitCode(report);
    }

    private TuningJob Job(ParseResult parse, Target target, CancellationToken cancellationToken)
    {
        var sample = SampleModel.Find(AppContext.BaseDirectory, Directory.GetCurrentDirectory());
        var job = new TuningJob
        {
            Start = TuningStart.Of(OnnxFile.Read(Path.Combine(sample, SampleModel.ModelFile)), SampleSources.Open(sample, split: SampleSplit.Train), Asked(parse, target), cancellationToken),
            Evaluator = new LabelEvaluator(SampleSources.Open(sample)),
            OutputFolder = parse.GetRequiredValue(_out),
        };
        StateFolder.RequireFree(job.StateFolder);
        return job;
    }

    private TuningOptions Asked(ParseResult parse, Target target)
    {
        var start = _target.Find(parse)?.Budget ?? BudgetText.Parse(_budget.IsGiven(parse) ? "loss=0.5" : DefaultBudget);
        return _search.Read(parse, new TuningOptions
        {
            Budget = _budget.Read(parse, start),
            Compression = new CompressionOptions { Seed = parse.GetValue(_seed), Target = target },
            Profile = _profile.Read(parse, target),
        });
    }

    private static void PrintNext(Screen screen, string folder)
    {
        screen.Say();
        screen.Say($"Open {Path.Combine(folder, "report.html")} in a browser. With your own model:");
        screen.Say("  edgeprune inspect model.onnx");
        screen.Say("  edgeprune tune model.onnx --data samples/ --budget latency=50ms,file=10%,loss=0.5");
        screen.Say("and on your own device: docs/cli.md, 'tune' with --hub and --device.");
    }
}
