using System.CommandLine;
using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>lottery</c>: looks for a sparse subnetwork that learns as well as the whole from the same first weights.</summary>
internal sealed class LotteryCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly DataOptions _data;
    private readonly Option<int> _rounds = new("--rounds") { Description = "Rounds of training and pruning, 1 to 50.", HelpName = "COUNT", DefaultValueFactory = _ => new LotteryRecipe().Rounds };
    private readonly Option<double> _roundRate = new("--round-rate") { Description = "Share of the weights left that each round sets to zero.", HelpName = "SHARE", DefaultValueFactory = _ => new LotteryRecipe().RoundRate };
    private readonly Option<int> _rewind = new("--rewind-step") { Description = "Steps of training after which weights are remembered to go back to; 0 are the first weights.", HelpName = "COUNT", DefaultValueFactory = _ => new LotteryRecipe().RewindStep };
    private readonly Option<string?> _ticket = new("--ticket") { Description = "Also write the ticket of the last round as a model.", HelpName = "MODEL" };
    private readonly LearningOptions _learning;
    private readonly CheckpointOptions _checkpoint;
    private readonly OutputOptions _output;

    public LotteryCommand(ToolShell shell)
        : base(shell, "lottery", "Look for a lottery ticket: train from new weights, zero the smallest, set the others back, and again; each round is held against the same zeros with other first weights. A study: zeros make no model faster.",
            "edgeprune lottery model.onnx --data samples/mnist --rounds 4 --epochs 2 --output lottery.json")
    {
        _model = new ModelArgument(this);
        _data = new DataOptions(this, "Learnt from, with labels; in a folder with a part for training, that part. The part for tests is scored.", isRequired: true, hasLabels: true);
        Add(_rounds);
        Add(_roundRate);
        Add(_rewind);
        Add(_ticket);
        _learning = new LearningOptions(this);
        _checkpoint = new CheckpointOptions(this);
        _output = new OutputOptions(this, "The table to write as JSON. Default: <model>.lottery.json.");
    }

    protected override async Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var recipe = new LotteryRecipe
        {
            Training = _learning.Read(parse),
            Rounds = parse.GetValue(_rounds),
            RoundRate = parse.GetValue(_roundRate),
            RewindStep = parse.GetValue(_rewind),
        };
        FineTuneCommand.RequireSound(recipe.Validate());
        var output = _output.PathOr(parse, OutputOptions.Beside(_model.PathOf(parse), ".lottery.json"));
        var ticket = parse.GetValue(_ticket) is { } named ? Path.GetFullPath(_output.Free(parse, named)) : null;
        var samples = _data.LabelledReference(parse);
        _ = _model.Read(parse);
        var checkpoint = _checkpoint.Open(parse, screen, output);
        var run = await TrainingRun.RunAsync(screen, "Lottery", path => new LotteryRequest(Path.GetFullPath(_model.PathOf(parse)), samples, path, recipe)
        {
            Checkpoint = checkpoint,
            Validation = SampleSources.AreSplit(samples.Data) ? samples with { Split = SampleSplit.Test, Labels = null } : null,
            Ticket = ticket,
        }, cancellationToken).ConfigureAwait(false);
        var report = Read(run.Written);
        WholeFile.Write(output, run.Written);
        File.Delete(checkpoint);
        Print(screen, report);
        screen.Say($"written to {output}{(ticket is null ? "" : $", the ticket to {ticket}")}");
        screen.Json(report, CliJson.Default.LotteryReport);
        return run.ExitCode;
    }

    private static LotteryReport Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, TrainingJson.Default.LotteryReport) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InputException(ErrorCode.TrainingFailed, $"The training program wrote a table that cannot be read: {e.Message} Run it again with a training program of this tool's own version.", e);
        }
    }

    private static void Print(Screen screen, LotteryReport report)
    {
        var table = new Table().AddColumns("Round", "Non-zero", "Of", "Left", "Ticket", "Other first weights");
        foreach (var round in report.Rounds)
        {
            table.AddRow(
                Numbers.Count(round.Round),
                Numbers.Count(round.NonZero),
                Numbers.Count(round.Parameters),
                Numbers.Percent((double)round.NonZero / Math.Max(1, round.Parameters)),
                Numbers.Points(round.Ticket),
                round.Random is { } random ? Numbers.Points(random) : "-");
        }

        screen.Show(table);
    }
}
