using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary><c>study</c>: the table and the curves of methods against rates and epochs.</summary>
internal sealed class StudyCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly EvaluatorOption _evaluator;
    private readonly StudyChoices _choices;
    private readonly TargetOption _target;
    private readonly Option<int?> _trainSamples = new("--train-samples") { Description = "Samples that models are repaired and trained on, drawn at random. Default: all of the part for training.", HelpName = "COUNT" };
    private readonly Option<int?> _jobs = new("--jobs") { Description = "Models that are trained at the same time, each with one thread. Default: one for each processor.", HelpName = "COUNT" };
    private readonly Option<bool> _noTime = new("--no-time") { Description = "Do not measure how long inferences take." };
    private readonly ProfileOptions _profile;
    private readonly Option<string?> _out = new("--out") { Description = "Folder for the results; finished cells in it are not measured again. Default: out/<model>.study.", HelpName = "FOLDER" };
    private readonly CacheOption _cache;

    public StudyCommand(ToolShell shell)
        : base(shell, "study",
            "Measure a grid of methods, rates, epochs of fine-tuning and precisions: one table, curves of accuracy against the rate, and how many epochs a rate needs. Finished cells are kept: after Ctrl-C, or with more rates or epochs, the next run measures only what is missing.",
            "edgeprune study samples/mnist/mnist-cnn.onnx --data samples/mnist --epochs 0,1,3\nedgeprune study model.onnx --data samples/ --methods structured --rates 0.5 --epochs 0 --no-time\nedgeprune study encoder.onnx --data frames.npy --epochs 0 --precisions auto")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Models are repaired, calibrated and trained on the part for training, and scored on the part for testing: by labels, or without any by agreement with the original.", isRequired: true, hasLabels: true);
        _evaluator = new EvaluatorOption(this);
        _choices = new StudyChoices(this);
        _target = new TargetOption(this);
        Add(_trainSamples);
        Add(_jobs);
        Add(_noTime);
        _profile = new ProfileOptions(this);
        Add(_out);
        _cache = CacheOption.OfStudies(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var target = _target.FindOrThisMachine(parse);
        var options = _choices.Read(parse, target);
        var settings = _profile.Read(parse, target) with { PerOperator = false };
        var folder = parse.GetValue(_out) ?? Path.Combine("out", Path.GetFileNameWithoutExtension(_model.PathOf(parse)) + ".study");
        var samples = Samples(parse);
        var fitted = samples.Open();
        RequireLabels(options, fitted, samples.Data);
        var inputs = Inputs(parse, screen, folder, fitted) with { Timing = settings };
        using var evaluator = inputs.Evaluator as IDisposable;
        options = _choices.Suit(parse, options, inputs.Model, target);
        var trainer = NeedsTrainer(options) ? await screen.Shell.OpenTrainer(screen.Shell, samples, cancellationToken).ConfigureAwait(false) : null;
        using var study = new StudyRun(inputs with { Trainer = trainer }, options);
        var report = await RunAsync(screen, study, folder, cancellationToken).ConfigureAwait(false);
        StudyOutputs.Write(folder, report);
        _cache.OpenStudies(parse, screen.Shell)?.Keep(report);
        StudyView.Print(screen, report);
        screen.Say($"Written to {folder}: study.html, study.csv, study.json; the models are in {Path.Combine(folder, "models")}.");
        screen.Json(report, HostJson.Default.StudyReport);
        return report.Rows.Select(r => r.Failure).FirstOrDefault(f => f is not null) is { } failure ? ExitCodes.Of((ErrorCode)failure.Code) : ExitCodes.Done;
    }

    // Asked before the first cell: it would be told of every trained one.
    private static void RequireLabels(StudyOptions options, ISampleSource fitted, string data)
    {
        if (fitted.Labels is null && options.Recipe.Distillation is null && options.Epochs.Any(e => e > 0))
        {
            throw new InputException(ErrorCode.LabelMismatch, $"'{data}' has no labels to fine-tune by. Give them with --labels, learn from the original with --distill, or leave training out with --epochs 0.");
        }
    }

    private static bool NeedsTrainer(StudyOptions options) =>
        options.Epochs.Any(e => e > 0) || (options.Criterion != CompressionOptions.AutomaticCriterion && CriterionRegistry.Find(options.Criterion).NeedsGradients);

    private SampleReference Samples(ParseResult parse)
    {
        var count = parse.GetValue(_trainSamples);
        return count is < 1
            ? throw new InputException(ErrorCode.InvalidOption, $"trainSamples is {count}; it must be at least 1.")
            : _data.ReferenceBesideScore(parse)! with { Count = count };
    }

    private StudyInputs Inputs(ParseResult parse, Screen screen, string folder, ISampleSource fitted)
    {
        var model = _model.Read(parse);
        IntegerOperators.RequireFloat(model);
        var scored = _data.OpenForScore(parse);
        return new StudyInputs
        {
            Model = model,
            Fitted = fitted,
            Scored = scored,
            Evaluator = Evaluators.For(OnnxFile.ToBytes(model), scored, _evaluator.Command(parse)),
            Command = _evaluator.Command(parse),
            Profiler = parse.GetValue(_noTime) ? null : new ChildProcessProfiler(MeasuringProgram.Current()) { Clock = screen.Shell.Clock },
            Jobs = Jobs(parse),
            Folder = folder,
            Clock = screen.Shell.Clock,
        };
    }

    private int Jobs(ParseResult parse) => parse.GetValue(_jobs) switch
    {
        null => Environment.ProcessorCount,
        < 1 and var count => throw new InputException(ErrorCode.InvalidOption, $"jobs is {count}; it must be at least 1."),
        { } count => count,
    };

    private static async Task<StudyReport> RunAsync(Screen screen, StudyRun study, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await WorkProgress.RunAsync(screen, "Studying", new WorkExtent(), steps => study.RunAsync(new Told(steps), cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            screen.Note($"Finished cells are kept in {folder}; the same command goes on from there.");
            throw;
        }
    }

    // In the order in which it happens, which Progress<T> does not promise.
    private sealed class Told(IProgress<string> steps) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value) => steps.Report(value.ToString());
    }
}
