using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary><c>prune</c>: removes channels, proves it, and repairs without training.</summary>
internal sealed class PruneCommand : VerbCommand
{
    // Plan, prune, recover, write.
    private const int Steps = 4;

    private readonly ModelArgument _model;
    private readonly PruningOptions _pruning;
    private readonly DataOptions _data;
    private readonly Option<bool> _noRepair = new("--no-repair") { Description = "Do not predict removed channels from kept ones." };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples the repair rests on.", HelpName = "COUNT", DefaultValueFactory = _ => new CompressionOptions().CalibrationSamples };
    private readonly Option<string?> _plan = new("--plan") { Description = "Replay this plan; rate, criterion and target are then the plan's.", HelpName = "FILE" };
    private readonly OutputOptions _output;

    public PruneCommand(ToolShell shell)
        : base(shell, "prune", "Remove whole channels, prove that nothing else changed, and repair the model from unlabelled samples without training.",
            "edgeprune prune samples/mnist/mnist-cnn.onnx --rate 0.3 --per-layer --criterion l2 --data samples/mnist --output small.onnx")
    {
        _model = new ModelArgument(this);
        _pruning = new PruningOptions(this);
        _data = new DataOptions(this, "Unlabelled; the repair predicts removed channels from kept ones on them.");
        Add(_noRepair);
        Add(_samples);
        Add(_plan);
        _output = new OutputOptions(this, "The model to write. Default: <model>.pruned.onnx.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = _pruning.Read(parse) with { Repair = !parse.GetValue(_noRepair), CalibrationSamples = parse.GetValue(_samples) };
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults));
        }

        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".pruned.onnx"));
        var plan = parse.GetValue(_plan) is { } path ? PlanFiles.Read(path) : null;
        var pipeline = new CompressionPipeline(_model.Read(parse), _data.OpenForCalibration(parse));
        var result = await WorkProgress.RunAsync(screen, "Pruning", WorkExtent.OfSteps(Steps), steps => plan is null
            ? pipeline.RunAsync(options, steps, cancellationToken)
            : Task.Run(() => pipeline.Apply(plan, options, steps, cancellationToken), cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        WholeFile.Write(output, result.Bytes);
        CompressionView.Print(screen, result, output);
        screen.Json(PruneResult.Of(output, result), CliJson.Default.PruneResult);
        return ExitCodes.Done;
    }
}
