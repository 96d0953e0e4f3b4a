using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>advise</c>: which method fits a model, a target and a need.</summary>
internal sealed class AdviseCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly TargetOption _target;
    private readonly DataOptions _data;
    private readonly GroupingChoices _choices;
    private readonly Option<string> _need = new("--need")
    {
        Description = "What the model should need less of: latency, memory, transfer or energy.",
        HelpName = "NEED",
        DefaultValueFactory = _ => "latency",
    };

    private readonly Option<bool> _noLabels = new("--no-labels") { Description = "Advise as if the samples had no labels." };

    private readonly Option<string?> _study = new("--study") { Description = "A study.json to rest on. Default: the last study of this model on this machine, when there is one.", HelpName = "FILE" };
    private readonly CacheOption _cache;

    public AdviseCommand(ToolShell shell)
        : base(shell, "advise", "Say which method fits a model, a target and a need: what to prune, what to quantize, in which order, and what it is predicted to bring.",
            "edgeprune advise samples/mnist/mnist-cnn.onnx --target raspberry-pi-4 --data samples/mnist --need latency")
    {
        _model = new ModelArgument(this);
        _target = new TargetOption(this);
        _data = new DataOptions(this, "With samples, a short trial shows how well the model takes pruning, int8 and the other precisions that suit it.", hasLabels: true);
        _need.AcceptOnlyFromAmong("latency", "memory", "transfer", "energy");
        Add(_need);
        Add(_noLabels);
        _choices = new GroupingChoices(this);
        Add(_study);
        _cache = CacheOption.OfStudies(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var target = _target.FindOrThisMachine(parse);
        var model = _model.Read(parse);
        var study = Study(parse, screen.Shell, model);
        var samples = _data.OpenForCalibration(parse);
        var request = new AdviceRequest
        {
            Target = target,
            Need = Enum.Parse<AdviceNeed>(parse.GetRequiredValue(_need), ignoreCase: true),
            HasSamples = samples is not null,
            HasLabels = samples is not null && (samples.Labels is not null || _data.NamesLabels(parse)) && !parse.GetValue(_noLabels),
            FileBytes = new FileInfo(_model.PathOf(parse)).Length,
            ModelFile = Quoted(_model.PathOf(parse)),
            DataFile = Quoted(_data.PathOf(parse) ?? ""),
            Study = study,
            Probe = samples is null ? null : await ProbeAsync(screen, model, samples, target, cancellationToken).ConfigureAwait(false),
        };
        var report = Advisor.Advise(ModelAnalysis.Of(model, _choices.Read(parse)), request);
        AdviceView.Print(screen, report, target);
        screen.Json(report, HostJson.Default.AdviceReport);
        return ExitCodes.Done;
    }

    private StudyReport? Study(ParseResult parse, ToolShell shell, Model model)
    {
        var sha256 = OnnxFile.Digest(model).Sha256;
        if (parse.GetValue(_study) is not { } path)
        {
            return _cache.OpenStudies(parse, shell)?.Find(sha256);
        }

        var study = StudyFile.Read(path);
        return study.ModelSha256 == sha256
            ? study
            : throw new InputException(ErrorCode.PlanMismatch, $"The study '{path}' is of another model named '{study.Model}', not of '{_model.PathOf(parse)}'. Make one of this model with 'edgeprune study'.");
    }

    // As a shell takes it.
    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static Task<ProbeResult> ProbeAsync(Screen screen, Model model, ISampleSource samples, Target target, CancellationToken cancellationToken) =>
        WorkProgress.RunAsync(screen, "Trying", new WorkExtent(), steps => AdviceProbe.RunAsync(model, samples, target, steps, cancellationToken));
}
