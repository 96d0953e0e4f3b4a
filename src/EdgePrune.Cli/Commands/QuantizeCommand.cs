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

    // Two profiles and a comparison; for each round a plan, a comparison and, but for the last, a profile.
    private const int MeasuringSteps = 2 + (3 * FastestForm.MostRounds);

    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly QuantizationChoices _choices;
    private readonly TargetOption _target;
    private readonly DeviceProfiles _profiles;
    private readonly Option<double?> _maxLoss = new("--max-loss") { Description = "Points of the score that int8 may cost: the nodes that do most harm for the least work go back to float. Scored by labels, else by agreement with the float model, or by --evaluate.", HelpName = "POINTS" };
    private readonly EvaluatorOption _evaluator;
    private readonly Option<bool> _explain = new("--explain") { Description = "List every node: its precision, why, and how far its output is from the float model's." };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples the ranges rest on; a quarter of them, at most 128, is set aside to decide by.", HelpName = "COUNT", DefaultValueFactory = _ => new CompressionOptions().CalibrationSamples };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the choice of samples.", HelpName = "NUMBER", DefaultValueFactory = _ => new CompressionOptions().Seed };
    private readonly OutputOptions _output;
    private readonly PrecisionChoice _precision;

    public QuantizeCommand(ToolShell shell)
        : base(shell, "quantize", "Turn a float model into 8-bit integers (QDQ), calibrated on samples. What ONNX Runtime would not run faster stays in float, with the reason. With --precision, other formats that need no samples.",
            "edgeprune quantize model.onnx --data samples/mnist --output model.int8.onnx\nedgeprune quantize model.onnx --data samples/mnist --max-loss 0.1 --explain\nedgeprune quantize model.onnx --data frames.npy --target this-machine\nedgeprune quantize model.onnx --data frames.npy --target raspberry-pi-4 --float-profile pi.float.json --int8-profile pi.int8.json\nedgeprune quantize model.onnx --precision dynamic")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Unlabelled; the ranges of activations are measured on them. Only int8 needs them.");
        _target = new TargetOption(this);
        _profiles = new DeviceProfiles(this);
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
        var counted = await WorkProgress.RunAsync(screen, "Quantizing", WorkExtent.OfSteps(Steps), steps => pipeline.RunAsync(options, steps, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var (result, speed) = await FastestAsync(screen, pipeline, options, counted, cancellationToken).ConfigureAwait(false);

        WholeFile.Write(output, result.Bytes);
        Print(parse, screen, result, speed, output);
        FormChoiceView.Print(screen, options.Quantization.Measured, result.Quantization?.Planned);
        screen.Json(PruneResult.Of(output, result) with { Speed = speed, DeviceRatio = options.Quantization.Measured?.Ratio }, CliJson.Default.PruneResult);
        return ExitCodes.Done;
    }

    private void Print(ParseResult parse, Screen screen, CompressionResult result, FormChoice? speed, string output)
    {
        if (parse.GetValue(_explain) && result.Quantization is { } report)
        {
            ExplanationView.Print(screen, report);
        }

        CompressionView.Print(screen, result, output);
        ByteInputView.Print(screen, result.Quantization);
        if (speed is not null)
        {
            FormChoiceView.Print(screen, speed, result.Quantization?.Bytes is not null);
        }
    }

    /// <summary>The fastest form, for a model that is for this machine: only that can be timed here.</summary>
    private static async Task<(CompressionResult Result, FormChoice? Choice)> FastestAsync(
        Screen screen, CompressionPipeline pipeline, CompressionOptions options, CompressionResult counted, CancellationToken cancellationToken)
    {
        if (options.Target?.Name != TargetCatalog.ThisMachine)
        {
            return (counted, null);
        }

        var profiler = new ChildProcessProfiler(MeasuringProgram.Current()) { Clock = screen.Shell.Clock };
        return await WorkProgress.RunAsync(screen, "Measuring", WorkExtent.OfSteps(MeasuringSteps), steps =>
            new FastestForm(profiler, profiler) { Clock = screen.Shell.Clock }.ChooseAsync(pipeline, options, counted, steps, cancellationToken)).ConfigureAwait(false);
    }

    private CompressionOptions ReadOptions(ParseResult parse)
    {
        if (parse.GetValue(_maxLoss) is null && _evaluator.Command(parse) is not null)
        {
            throw new InputException(ErrorCode.InvalidOption, "--evaluate scores models for a limit, and none is given. Add --max-loss, or leave it out.");
        }

        var target = _target.Find(parse);
        var options = new CompressionOptions
        {
            Rate = 0,
            Repair = false,
            Precision = Precision.Int8,
            Target = target,
            Quantization = _choices.Read(parse) with { Measured = _profiles.Read(parse, _model.PathOf(parse), target) },
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
