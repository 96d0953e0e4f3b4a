using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>sensitivity</c>: what the model loses when each of its groups alone is pruned.</summary>
internal sealed class SensitivityCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly GroupingChoices _grouping;
    private readonly DataOptions _data;
    private readonly Option<string> _criterion = new("--criterion") { Description = $"How channels are ranked: auto, {string.Join(", ", CriterionRegistry.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => new CompressionOptions().Criterion };
    private readonly Option<double[]> _rates = new("--rate") { Description = "Share of a group's channels to try; repeatable. Default: 0.1 to 0.9 in steps of 0.1.", HelpName = "SHARE" };
    private readonly Option<int> _samples = new("--samples") { Description = "Samples each point rests on.", HelpName = "COUNT", DefaultValueFactory = _ => new SensitivityOptions().Samples };
    private readonly Option<bool> _noRepair = new("--no-repair") { Description = "Do not predict removed channels from kept ones." };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the choice of samples.", HelpName = "NUMBER", DefaultValueFactory = _ => new CompressionOptions().Seed };
    private readonly CacheOption _cache;
    private readonly OutputOptions _output;

    public SensitivityCommand(ToolShell shell)
        : base(shell, "sensitivity",
            "Measure how much a model's output moves when each group of channels alone is pruned and repaired, at several rates. What was measured is kept: a second run, or one after Ctrl-C, goes on from there, and 'prune --allocation sensitivity' uses it.",
            "edgeprune sensitivity model.onnx --data samples/ --output sensitivity.html\nedgeprune prune model.onnx --rate 0.5 --rate-of macs --allocation sensitivity --data samples/")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "With labels, accuracy is measured; without, agreement with the original.", isRequired: true, hasLabels: true);
        Add(_criterion);
        Add(_rates);
        Add(_samples);
        Add(_noRepair);
        Add(_seed);
        _grouping = new GroupingChoices(this);
        _cache = new CacheOption(this);
        _output = new OutputOptions(this, "A page with plots to write. Default: none.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var options = ReadOptions(parse);
        var output = _output.Named(parse);
        var model = _model.Read(parse);
        var hands = await TrainingHands.FindAsync(screen, model, options.Compression, _data.Reference(parse, SampleSplit.Train), cancellationToken).ConfigureAwait(false);
        var pipeline = new CompressionPipeline(ModelAnalysis.Consume(model, _grouping.Read(parse)), _data.Open(parse, SampleSplit.Train)) { Trainer = hands.Trainer };
        var curves = await SensitivityRun.MeasureAsync(screen, pipeline, options, _cache.Open(parse, screen.Shell), cancellationToken).ConfigureAwait(false);
        if (output is not null)
        {
            WholeFile.Write(output, SensitivityHtml.Render(curves));
        }

        Print(screen, curves, options);
        screen.Say(output is null ? "Nothing was written; --output keeps a page with plots." : $"Plots written to {output}.");
        screen.Json(curves, HostJson.Default.SensitivityCurves);
        return ExitCodes.Done;
    }

    private SensitivityOptions ReadOptions(ParseResult parse)
    {
        var criterion = parse.GetRequiredValue(_criterion);
        var rates = parse.GetValue(_rates) ?? [];
        var options = new SensitivityOptions
        {
            Samples = parse.GetValue(_samples),
            Compression = new CompressionOptions
            {
                Criterion = criterion == CompressionOptions.AutomaticCriterion ? criterion : CriterionRegistry.Find(criterion).Name,
                Repair = !parse.GetValue(_noRepair),
                Seed = parse.GetValue(_seed),
            },
        };
        options = rates.Length == 0 ? options : options with { Rates = [.. rates.Distinct().Order()] };
        return options.Validate() is { Count: > 0 } faults
            ? throw new InputException(ErrorCode.InvalidOption, $"The options have {faults.Count} fault(s): {string.Join(' ', faults)} Correct them.")
            : options;
    }

    private static void Print(Screen screen, SensitivityCurves curves, SensitivityOptions options)
    {
        screen.Say($"{curves.Metric}: {Numbers.Points(curves.OriginalScore)} for the original, {Numbers.Count(curves.Samples)} samples. Score, and in brackets the output error, when a group alone loses a share:");
        var table = new Table().AddColumns(["Group", "Channels", .. options.Rates.Select(Numbers.Rate)]);
        foreach (var group in curves.Groups)
        {
            table.AddRow([Markup.Escape(group.Group), Numbers.Count(group.Channels), .. options.Rates.Select(r => Cell(group, r))]);
        }

        screen.Show(table);
    }

    // Small groups have no width for every rate.
    private static string Cell(GroupSensitivity group, double rate) =>
        group.Points.FirstOrDefault(p => p.Rate >= rate - 1e-9) is { } point ? $"{point.FittedScore:0.0} ({point.FittedError:0.000})" : "-";
}
