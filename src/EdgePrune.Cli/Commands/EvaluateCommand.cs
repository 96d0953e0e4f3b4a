using System.CommandLine;
using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>evaluate</c>: how good a model is.</summary>
internal sealed class EvaluateCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly Option<string?> _against = new("--against") { Description = "The original model: score by agreement with it instead of labels.", HelpName = "MODEL" };
    private readonly EvaluatorOption _evaluator;

    public EvaluateCommand(ToolShell shell)
        : base(shell, "evaluate", "Score a model: with labels, by agreement with the original model, or by a command of your own.",
            "edgeprune evaluate small.onnx --data samples/mnist\nedgeprune evaluate small.onnx --data frames.npy --against model.onnx\nedgeprune evaluate small.onnx --evaluate \"python3 eval.py {model}\"")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "A folder with labels is scored by them.", hasLabels: true);
        Add(_against);
        _evaluator = new EvaluatorOption(this);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        // Reading it first gives a model's own fault rather than the runtime's words for it.
        var model = OnnxFile.ToBytes(_model.Read(parse));
        var evaluator = Evaluator(parse);
        using var disposable = evaluator as IDisposable;
        var score = await WorkProgress.RunAsync(screen, "Evaluating", new WorkExtent(), steps =>
        {
            steps.Report(evaluator.Metric);
            return evaluator.EvaluateAsync(model, cancellationToken);
        }).ConfigureAwait(false);
        screen.Say($"{Numbers.Points(score.Score)}  {evaluator.Metric}{(score.Samples == 0 ? "" : $", {Numbers.Count(score.Samples)} samples")}");
        foreach (var (name, value) in score.Details)
        {
            screen.Say(string.Create(CultureInfo.InvariantCulture, $"  {name}: {value:0.####}"));
        }

        screen.Json(new EvaluateResult(evaluator.Metric, score.Score, score.Samples, score.Details), CliJson.Default.EvaluateResult);
        return ExitCodes.Done;
    }

    private IEvaluator Evaluator(ParseResult parse)
    {
        var samples = _data.Open(parse, SampleSplit.Test);
        if (parse.GetValue(_against) is { } original)
        {
            return new AgreementEvaluator(
                OnnxFile.ToBytes(OnnxFile.Read(original)),
                samples ?? throw new InputException(ErrorCode.NoSamples, "--against needs samples to compare the two models on. Give some with --data."));
        }

        var command = _evaluator.Command(parse);
        return command is null && samples is { Labels: null }
            ? throw new InputException(ErrorCode.LabelMismatch, "The samples have no labels, so there is nothing to score against. Give labels with --labels, or the original model with --against.")
            : Evaluators.For(ReadOnlyMemory<byte>.Empty, samples, command);
    }
}
