using System.CommandLine;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>plan</c>: decides what would be removed, and removes nothing.</summary>
internal sealed class PlanCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly PruningOptions _pruning;
    private readonly DataOptions _data;
    private readonly OutputOptions _output;

    public PlanCommand(ToolShell shell)
        : base(shell, "plan", "Decide which channels would be removed, as a file that can be read, compared and replayed with 'prune --plan'.",
            "edgeprune plan model.onnx --rate 0.5 --data samples/ --target raspberry-pi-4 --output plan.json\nedgeprune prune model.onnx --plan plan.json --data samples/")
    {
        _model = new ModelArgument(this);
        _pruning = new PruningOptions(this);
        _data = new DataOptions(this, "Unlabelled; criteria that look at activations rank channels on them.");
        _output = new OutputOptions(this, "The plan file to write. Default: none, the plan is only shown.");
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = _pruning.Read(parse);
        var output = _output.Named(parse);
        var plan = new CompressionPipeline(_model.Read(parse), _data.OpenForCalibration(parse)).Plan(options);
        if (output is not null)
        {
            PlanFiles.Write(output, plan);
        }

        Print(screen, plan);
        screen.Say(output is null ? "Nothing was written; --output keeps the plan." : $"Plan written to {output}.");
        screen.Json(plan, HostJson.Default.PrunePlan);
        return Task.FromResult(ExitCodes.Done);
    }

    private static void Print(Screen screen, PrunePlan plan)
    {
        var table = new Table().AddColumns("Group", "Channels", "Kept", "Quantum", "Highest removed", "Lowest kept");
        foreach (var group in plan.Groups)
        {
            table.AddRow(
                Markup.Escape(group.Group), Numbers.Count(group.Channels), Numbers.Count(group.Channels - group.Remove.Count),
                Numbers.Count(group.Quantum), Score(group.HighestRemoved), Score(group.LowestKept));
        }

        screen.Show(table);
        screen.Say($"{Numbers.Count(plan.Groups.Sum(g => g.Remove.Count))} of {Numbers.Count(plan.Groups.Sum(g => g.Channels))} channels would go (rate {Numbers.Rate(plan.Rate)}, {plan.Criterion}, seed {plan.Seed}).");
    }

    private static string Score(double? score) => score is null ? "-" : Numbers.Tiny(score.Value);
}
