using System.CommandLine;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary><c>plan</c>: decides what would be removed, and removes nothing.</summary>
internal sealed class PlanCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly PruningOptions _pruning;
    private readonly StepOptions _steps;
    private readonly GroupingChoices _grouping;
    private readonly DataOptions _data;
    private readonly Option<bool> _explain = new("--explain") { Description = "Say in words what each group is: which tensors go together, and why." };
    private readonly CacheOption _cache;
    private readonly OutputOptions _output;

    public PlanCommand(ToolShell shell)
        : base(shell, "plan", "Decide which channels would be removed, as a file that can be read, compared and replayed with 'prune --plan'.",
            "edgeprune plan model.onnx --rate 0.5 --data samples/ --target raspberry-pi-4 --output plan.json\nedgeprune prune model.onnx --plan plan.json --data samples/")
    {
        _model = new ModelArgument(this);
        _pruning = new PruningOptions(this);
        _grouping = new GroupingChoices(this);
        _steps = new StepOptions(this);
        _data = new DataOptions(this, "Criteria that look at activations or gradients rank channels on them; only taylor needs labels.", hasLabels: true);
        Add(_explain);
        _cache = new CacheOption(this);
        _output = new OutputOptions(this, "The plan file to write. Default: none, the plan is only shown.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = PruneCommand.Valid(_steps.Read(parse, _pruning.Read(parse)));
        var output = _output.Named(parse);
        var model = _model.Read(parse);
        var hands = await TrainingHands.FindAsync(screen, model, options, _data.Reference(parse, SampleSplit.Train), cancellationToken).ConfigureAwait(false);
        var pipeline = new CompressionPipeline(ModelAnalysis.Consume(model, _grouping.Read(parse)), _data.OpenForCalibration(parse)) { Trainer = hands.Trainer };
        options = await SensitivityRun.CompleteAsync(screen, pipeline, options, _cache.Open(parse, screen.Shell), cancellationToken).ConfigureAwait(false);

        // What a later step removes depends on the repair before it, so several steps, like trials, are carried out to be planned.
        var plan = options.Steps == 1 && options.Allocation != RateAllocation.Trial
            ? pipeline.Plan(options)
            : (await WorkProgress.RunAsync(screen, "Planning", PruneCommand.Extent(options), steps => pipeline.RunAsync(options, steps, cancellationToken)).ConfigureAwait(false)).Plan;
        if (output is not null)
        {
            PlanFiles.Write(output, plan);
        }

        PlanView.PrintTrials(screen, plan);
        PlanView.PrintGroups(screen, plan);
        if (parse.GetValue(_explain))
        {
            Explain(screen, pipeline.Analysis);
        }

        PlanView.PrintTotals(screen, plan);
        screen.Say(output is null ? "Nothing was written; --output keeps the plan." : $"Plan written to {output}.");
        screen.Json(plan, HostJson.Default.PrunePlan);
        return ExitCodes.Done;
    }

    private static void Explain(Screen screen, ModelAnalysis analysis)
    {
        foreach (var line in analysis.Groups.SelectMany(g => GroupExplanationText.Lines(GroupExplanation.Of(analysis, g), isFull: false)))
        {
            screen.Say(line);
        }

        foreach (var pin in analysis.Pins)
        {
            screen.Say($"pinned: {pin}");
        }
    }
}
