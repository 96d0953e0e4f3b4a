using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Cli;

/// <summary><c>quantize</c>: 8-bit integers with calibrated scales, or another precision that needs no samples.</summary>
internal sealed class QuantizeCommand : VerbCommand
{
    // Plan, prune nothing, recover nothing, quantize.
    private const int Steps = 4;

    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly QuantizationChoices _choices;
    private readonly TargetOption _target;
    private readonly Option<double?> _maxLoss = new("--max-loss") { Description = "Points of the score that int8 may cost: the nodes that do most harm for the least work go back to float. Scored by labels, else by agreement with the float model, or by --evaluate.", HelpName = "POINTS" };
    private readonly EvaluatorOption _evaluator;
    private readonly Option<bool> _explain = new("--explain") { Description = "List every node: its precision, why, and how far its output is from the float model's." };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples the ranges rest on; a quarter of them, at most 128, is set aside to decide by.", HelpName = "COUNT", DefaultValueFactory = _ => new CompressionOptions().CalibrationSamples };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the choice of samples.", HelpName = "NUMBER", DefaultValueFactory = _ => new CompressionOptions().Seed };
    private readonly OutputOptions _output;
    private readonly PrecisionChoice _precision;

    public QuantizeCommand(ToolShell shell)
        : base(shell, "quantize", "Turn a float model into 8-bit integers (QDQ), calibrated on samples. What ONNX Runtime would not run faster stays in float, with the reason. With --precision, other formats that need no samples.",
            "edgeprune quantize model.onnx --data samples/mnist --output model.int8.onnx\nedgeprune quantize model.onnx --data samples/mnist --max-loss 0.1 --explain\nedgeprune quantize model.onnx --data frames.npy --target this-machine\nedgeprune quantize model.onnx --precision dynamic")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Unlabelled; the ranges of activations are measured on them. Only int8 needs them.");
        _target = new TargetOption(this);
        _choices = new QuantizationChoices(this);
        Add(_maxLoss);
        _evaluator = new EvaluatorOption(this);
        Add(_explain);
        Add(_samples);
        Add(_seed);
        Option[] staticOnly = [.. Options];
        _output = new OutputOptions(this, "The model to write. Default: <model>.<precision>.onnx.");
        _precision = new PrecisionChoice(this, _model, _output, staticOnly);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        if (_precision.IsChosen(parse))
        {
            return await _precision.RunAsync(parse, screen, cancellationToken).ConfigureAwait(false);
        }

        var options = ReadOptions(parse);
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".int8.onnx"));
        var model = _model.Read(parse);
        using var evaluator = options.QuantizationLoss is null ? null : new Owned(Evaluators.For(OnnxFile.ToBytes(model), _data.OpenForScore(parse), _evaluator.Command(parse)));
        var pipeline = new CompressionPipeline(model, _data.OpenForCalibration(parse)) { Evaluator = evaluator?.Evaluator };
        var result = await WorkProgress.RunAsync(screen, "Quantizing", WorkExtent.OfSteps(Steps), steps => pipeline.RunAsync(options, steps, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var speed = await CompareAsync(screen, options.Target, result, pipeline.Analysis.Model, cancellationToken).ConfigureAwait(false);
        if (FallsBack(speed, result))
        {
            result = result with { Model = pipeline.Analysis.Model, Bytes = OnnxFile.ToBytes(pipeline.Analysis.Model) };
        }

        WholeFile.Write(output, result.Bytes);
        Print(parse, screen, result, speed, output);
        screen.Json(PruneResult.Of(output, result) with { Speed = speed }, CliJson.Default.PruneResult);
        return ExitCodes.Done;
    }

    private void Print(ParseResult parse, Screen screen, CompressionResult result, ComparisonReport? speed, string output)
    {
        if (parse.GetValue(_explain) && result.Quantization is { } report)
        {
            ExplanationView.Print(screen, report);
        }

        CompressionView.Print(screen, result, output);
        ByteInputView.Print(screen, result.Quantization);
        if (speed is not null)
        {
            ComparisonView.Print(screen, speed);
        }

        if (speed?.Verdict == SpeedVerdict.Slower)
        {
            screen.Say($"int8 is slower than float on this machine: what was written is {(FallsBack(speed, result) ? "the float model" : "int8 all the same, as only it takes bytes")}.");
        }
    }

    /// <summary>Whether float is written in the place of slower int8; never where bytes were asked for.</summary>
    private static bool FallsBack(ComparisonReport? speed, CompressionResult result) => speed?.Verdict == SpeedVerdict.Slower && result.Quantization?.Bytes is null;

    /// <summary>Only a model for this machine can be timed here.</summary>
    private static async Task<ComparisonReport?> CompareAsync(Screen screen, Target? target, CompressionResult result, Model original, CancellationToken cancellationToken)
    {
        if (target?.Name != TargetCatalog.ThisMachine || result.Quantization is not { IntegerNodes: > 0 })
        {
            return null;
        }

        var check = new SpeedCheck(new ChildProcessProfiler(MeasuringProgram.Current()) { Clock = screen.Shell.Clock });
        return await WorkProgress.RunAsync(screen, "Comparing", WorkExtent.Lasting(TimeSpan.FromSeconds(10)), steps =>
        {
            steps.Report("int8 and float in turn, A B B A");
            return check.RunAsync(result.Bytes, original, target.Threads, cancellationToken);
        }).ConfigureAwait(false);
    }

    private CompressionOptions ReadOptions(ParseResult parse)
    {
        if (parse.GetValue(_maxLoss) is null && _evaluator.Command(parse) is not null)
        {
            throw new InputException(ErrorCode.InvalidOption, "--evaluate scores models for a limit, and none is given. Add --max-loss, or leave it out.");
        }

        var options = new CompressionOptions
        {
            Rate = 0,
            Repair = false,
            Precision = Precision.Int8,
            Target = _target.Find(parse),
            Quantization = _choices.Read(parse),
            QuantizationLoss = parse.GetValue(_maxLoss),
            CalibrationSamples = parse.GetValue(_samples),
            Seed = parse.GetValue(_seed),
        };
        return options.Validate() is { Count: > 0 } faults ? throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults)) : options;
    }

    /// <summary>An evaluator that is let go of at the end when it holds something.</summary>
    private sealed class Owned(IEvaluator evaluator) : IDisposable
    {
        public IEvaluator Evaluator => evaluator;

        public void Dispose() => (evaluator as IDisposable)?.Dispose();
    }
}
