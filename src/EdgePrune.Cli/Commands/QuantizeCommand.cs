using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary><c>quantize</c>: 8-bit integers with calibrated scales, or another precision that needs no samples.</summary>
internal sealed class QuantizeCommand : VerbCommand
{
    // Plan, prune nothing, recover nothing, quantize.
    private const int Steps = 4;

    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly Option<string> _calibration = new("--calibration") { Description = "How the range of an activation is chosen: minmax or percentile.", HelpName = "METHOD", DefaultValueFactory = _ => "minmax" };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples the ranges rest on.", HelpName = "COUNT", DefaultValueFactory = _ => new CompressionOptions().CalibrationSamples };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the choice of samples.", HelpName = "NUMBER", DefaultValueFactory = _ => new CompressionOptions().Seed };
    private readonly OutputOptions _output;
    private readonly PrecisionChoice _precision;

    public QuantizeCommand(ToolShell shell)
        : base(shell, "quantize", "Turn a float model into 8-bit integers (QDQ), calibrated on samples. What ONNX Runtime would not run faster stays in float, with the reason. With --precision, other formats that need no samples.",
            "edgeprune quantize model.onnx --data samples/mnist --output model.int8.onnx\nedgeprune quantize model.onnx --precision dynamic")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Unlabelled; the ranges of activations are measured on them. Only int8 needs them.");
        _calibration.AcceptOnlyFromAmong("minmax", "percentile");
        Add(_calibration);
        Add(_samples);
        Add(_seed);
        _output = new OutputOptions(this, "The model to write. Default: <model>.<precision>.onnx.");
        _precision = new PrecisionChoice(this, _model, _output, [.. _data.All, _calibration, _samples, _seed]);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        if (_precision.IsChosen(parse))
        {
            return await _precision.RunAsync(parse, screen, cancellationToken).ConfigureAwait(false);
        }

        var options = ReadOptions(parse);
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".int8.onnx"));
        var pipeline = new CompressionPipeline(_model.Read(parse), _data.OpenForCalibration(parse));
        var result = await WorkProgress.RunAsync(screen, "Quantizing", WorkExtent.OfSteps(Steps), steps => pipeline.RunAsync(options, steps, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        WholeFile.Write(output, result.Bytes);
        CompressionView.Print(screen, result, output);
        screen.Json(PruneResult.Of(output, result), CliJson.Default.PruneResult);
        return ExitCodes.Done;
    }

    private CompressionOptions ReadOptions(ParseResult parse)
    {
        var options = new CompressionOptions
        {
            Rate = 0,
            Repair = false,
            Precision = Precision.Int8,
            Calibration = parse.GetValue(_calibration) == "percentile" ? CalibrationMethod.Percentile : CalibrationMethod.MinMax,
            CalibrationSamples = parse.GetValue(_samples),
            Seed = parse.GetValue(_seed),
        };
        return options.Validate() is { Count: > 0 } faults ? throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults)) : options;
    }
}
