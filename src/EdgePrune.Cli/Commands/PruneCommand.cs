using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary><c>prune</c>: removes channels, proves it, brings accuracy back, and changes the precision where asked to.</summary>
internal sealed class PruneCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly PruningOptions _pruning;
    private readonly StepOptions _steps;
    private readonly GroupingChoices _grouping;
    private readonly DataOptions _data;
    private readonly PrecisionOption _precision;
    private readonly Option<bool> _noRepair = new("--no-repair") { Description = "Do not predict removed channels from kept ones." };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples the repair rests on.", HelpName = "COUNT", DefaultValueFactory = _ => new CompressionOptions().CalibrationSamples };
    private readonly RecoveryOptions _recovery;
    private readonly LossLimitOptions _limit;
    private readonly Option<string?> _plan = new("--plan") { Description = "Replay this plan; what is removed, and the seed, are then the plan's, and the precision unless --precision says another.", HelpName = "FILE" };
    private readonly Option<string?> _savePlan = new("--save-plan") { Description = "Also write the plan, to be replayed with --plan.", HelpName = "FILE" };
    private readonly CacheOption _cache;
    private readonly OutputOptions _output;

    public PruneCommand(ToolShell shell)
        : base(shell, "prune", "Remove whole channels, prove that nothing else changed, and bring accuracy back: by repair from unlabelled samples, and by training where you ask for it.",
            "edgeprune prune samples/mnist/mnist-cnn.onnx --rate 0.3 --per-layer --criterion l2 --data samples/mnist --output small.onnx\nedgeprune prune model.onnx --rate 0.8 --steps 8 --recover distill --epochs 2 --max-loss 1 --data samples/\nedgeprune prune encoder.onnx --rate 0.3 --data frames.npy --precision dynamic")
    {
        _model = new ModelArgument(this);
        _pruning = new PruningOptions(this);
        _grouping = new GroupingChoices(this);
        _steps = new StepOptions(this);
        _data = new DataOptions(this, "The repair predicts removed channels from kept ones on them; it needs no labels.", hasLabels: true);
        Add(_noRepair);
        Add(_samples);
        _recovery = new RecoveryOptions(this);
        _limit = new LossLimitOptions(this);
        _precision = new PrecisionOption(this, _data);
        Add(_plan);
        Add(_savePlan);
        _cache = new CacheOption(this);
        _output = new OutputOptions(this, "The model to write. Default: <model>.pruned.onnx, or with --precision <model>.pruned.<precision>.onnx.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var plan = parse.GetValue(_plan) is { } path ? PlanFiles.Read(path) : null;
        var options = Read(parse, plan);
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), Ending(options.Precision)));
        var planOutput = parse.GetValue(_savePlan) is { } file ? _output.Free(parse, file) : null;
        var model = _model.Read(parse);
        var evaluator = options.MaxLoss is null ? null : _limit.Evaluator(parse, OnnxFile.ToBytes(model), _data);
        using var disposable = evaluator as IDisposable;
        var hands = await TrainingHands.FindAsync(screen, model, options, _data.Reference(parse, SampleSplit.Train), cancellationToken).ConfigureAwait(false);
        var pipeline = new CompressionPipeline(ModelAnalysis.Consume(model, plan?.Grouping ?? _grouping.Read(parse)), _data.OpenForCalibration(parse))
        {
            Trainer = hands.Trainer,
            HeldOut = hands.HeldOut,
            Evaluator = evaluator,
        };
        var result = plan is null
            ? await PruneAsync(screen, pipeline, options, _cache.Open(parse, screen.Shell), cancellationToken).ConfigureAwait(false)
            : await ReplayAsync(screen, pipeline, plan, options, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Keep(screen, result, output, planOutput);
    }

    /// <summary>Requires that options are sound.</summary>
    /// <exception cref="InputException">They are not; the message lists all faults.</exception>
    internal static CompressionOptions Valid(CompressionOptions options) =>
        options.Validate() is { Count: > 0 } faults ? throw new InputException(ErrorCode.InvalidOption, string.Join(' ', faults)) : options;

    private CompressionOptions Read(ParseResult parse, PrunePlan? plan)
    {
        var options = _steps.Read(parse, _pruning.Read(parse)) with { Repair = !parse.GetValue(_noRepair), CalibrationSamples = parse.GetValue(_samples), MaxLoss = _limit.Read(parse), Precision = _precision.Read(parse, plan?.Precision) };
        options = plan is null ? options : options with { Seed = plan.Seed };
        return plan is not null && options.MaxLoss is not null
            ? throw new InputException(ErrorCode.InvalidOption, "--plan says what is removed, and --max-loss would stop before. Choose one of the two.")
            : Valid(_recovery.Read(parse, options));
    }

    private static string Ending(Precision precision) => precision == Precision.Float32 ? ".pruned.onnx" : $".pruned.{PrecisionTable.Of(precision).Name}.onnx";

    // Nothing was removed when the first step goes beyond the limit: a copy of the original is nobody's wish.
    private static int Keep(Screen screen, CompressionResult result, string output, string? planOutput)
    {
        if (result.Limit is { LastGood: 0 } limit)
        {
            TrainingView.Print(screen, limit);
            screen.Say("nothing was written. Allow a larger loss, take more steps, or train between them (--recover).");
            screen.Json(PruneResult.Of(null, result), CliJson.Default.PruneResult);
            return ExitCodes.Infeasible;
        }

        WholeFile.Write(output, result.Bytes);
        if (planOutput is not null)
        {
            PlanFiles.Write(planOutput, result.Plan);
        }

        PlanView.PrintTrials(screen, result.Plan);
        PlanView.PrintGroups(screen, result.Plan);
        PlanView.PrintTotals(screen, result.Plan);
        CompressionView.Print(screen, result, output);
        screen.Json(PruneResult.Of(output, result), CliJson.Default.PruneResult);
        return ExitCodes.Done;
    }

    private static async Task<CompressionResult> PruneAsync(Screen screen, CompressionPipeline pipeline, CompressionOptions options, SensitivityCache? cache, CancellationToken cancellationToken)
    {
        var complete = await SensitivityRun.CompleteAsync(screen, pipeline, options, cache, cancellationToken).ConfigureAwait(false);
        return await WorkProgress.RunAsync(screen, "Pruning", Extent(options), steps => pipeline.RunAsync(complete, steps, cancellationToken)).ConfigureAwait(false);
    }

    private static Task<CompressionResult> ReplayAsync(Screen screen, CompressionPipeline pipeline, PrunePlan plan, CompressionOptions options, CancellationToken cancellationToken) =>
        WorkProgress.RunAsync(screen, "Pruning", Extent(options with { Steps = plan.Steps?.Count ?? 1, Allocation = RateAllocation.Score }), steps => Task.Run(() => pipeline.Apply(plan, options, steps, cancellationToken), cancellationToken));

    /// <summary>
    /// Steps that a compression reports: pruning and recovering in each of several steps and recovering once more, or each
    /// trial; then writing. Training says itself how long it takes, and a limit may end it at any step.
    /// </summary>
    internal static WorkExtent Extent(CompressionOptions options) => options switch
    {
        { MaxLoss: not null } or { Recovery.Kind: not RecoveryKind.Repair } => new WorkExtent(),
        { Steps: > 1 } => WorkExtent.OfSteps((2 * options.Steps) + 2),
        { Allocation: RateAllocation.Trial } => WorkExtent.OfSteps(1 + CompressionOptions.MostTrials),
        _ => WorkExtent.OfSteps(3),
    };
}
