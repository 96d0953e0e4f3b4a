using System.CommandLine;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using Spectre.Console;

namespace EdgePrune.Cli;

/// <summary><c>inspect</c>: what a model is made of, and what of it can be pruned.</summary>
internal sealed class InspectCommand : VerbCommand
{
    private readonly ModelArgument _model;
    private readonly Option<bool> _groups = new("--groups") { Description = "Explain every group of channels: what goes together, why, and what one channel is worth." };
    private readonly Option<string?> _group = new("--group") { Description = "Explain one group in full, and nothing else.", HelpName = "NAME" };
    private readonly GroupingChoices _choices;

    public InspectCommand(ToolShell shell)
        : base(shell, "inspect", "Show a model's operators, parameters, operations and memory, what can be pruned, and what cannot and why.",
            "edgeprune inspect samples/mnist/mnist-cnn.onnx --groups\nedgeprune inspect samples/mnist/mnist-cnn.onnx --group /conv2/Conv")
    {
        _model = new ModelArgument(this);
        Add(_groups);
        Add(_group);
        _choices = new GroupingChoices(this);
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var model = _model.Read(parse);
        var result = Describe(model, ModelAnalysis.Of(model, _choices.Read(parse)), new FileInfo(_model.PathOf(parse)).Length);
        if (parse.GetValue(_group) is { } name)
        {
            var group = GroupView.Find([.. result.Groups.Select(g => g.Explanation)], name);
            GroupView.PrintGroup(screen, group, isFull: true);
            screen.Json(group, CliJson.Default.GroupExplanation);
            return Task.FromResult(ExitCodes.Done);
        }

        Print(screen, result, parse.GetValue(_groups));
        screen.Json(result, CliJson.Default.InspectResult);
        return Task.FromResult(ExitCodes.Done);
    }

    private static InspectResult Describe(Model model, ModelAnalysis analysis, long fileBytes) => new()
    {
        Model = model.Name,
        Opset = model.Opset,
        NormalizedSha256 = analysis.Sha256,
        Inputs = [.. model.Graph.FedInputs.Select(Describe)],
        Outputs = [.. model.Graph.Outputs.Select(Describe)],
        Operators = [.. model.Graph.Nodes.CountBy(n => n.Domain.Length == 0 ? n.OperatorType : $"{n.Domain}.{n.OperatorType}")
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => new OperatorCount(c.Key, c.Value))],
        Parameters = analysis.Cost.Parameters,
        Macs = analysis.Cost.Macs,
        FileBytes = fileBytes,
        WeightBytes = analysis.Model.Graph.Initializers.Sum(i => (long)i.Constant!.Bytes.Length),
        PeakActivationBytes = ActivationMemory.Peak(analysis),
        PredictedMemory = [.. MemoryRule.All.Select(r => r.Predict(analysis))],
        Groups = [.. analysis.Groups.Select(g => new GroupDescription(g.Name, g.Channels.Count, Labels(g.Producers), Labels(g.Consumers), GroupExplanation.Of(analysis, g)))],
        Pins = [.. analysis.Pins.Select(p => new PinDescription(p.Node, p.Pinned, p.Channels, p.Reason.Kind.ToString(), p.Reason.Text))],
        PinReasons = PinExplanation.Of(analysis),
        Reductions = [.. analysis.Reductions.Select(r => r.Text).Distinct()],
    };

    private static TensorDescription Describe(Value value) =>
        new(value.Name, value.ElementType.ToString(), [.. (value.DeclaredShape ?? []).Select(d => d.ToString() ?? "?")]);

    private static List<string> Labels(IReadOnlyList<Contraction> contractions) => [.. contractions.Select(c => c.Node.Label).Distinct()];

    private static void Print(Screen screen, InspectResult result, bool withGroups)
    {
        screen.Say($"{result.Model}: opset {result.Opset}, {result.Operators.Sum(o => o.Count)} operators");
        foreach (var input in result.Inputs)
        {
            screen.Say($"  in   {input.Name}: {input.Type} [{string.Join(", ", input.Shape)}]");
        }

        foreach (var output in result.Outputs)
        {
            screen.Say($"  out  {output.Name}: {output.Type} [{string.Join(", ", output.Shape)}]");
        }

        screen.Say();
        screen.Show(Figures(result));
        screen.Say();
        GroupView.PrintGroups(screen, [.. result.Groups.Select(g => g.Explanation)], withGroups);
        screen.Say();
        GroupView.PrintPins(screen, result.PinReasons);
    }

    private static Table Figures(InspectResult result)
    {
        var table = new Table().AddColumns("Figure", "Value");
        table.AddRow("parameters", Numbers.Count(result.Parameters));
        table.AddRow("operations", $"{Numbers.Count(result.Macs)} MACs");
        table.AddRow("file", new ByteSize(result.FileBytes).ToString());
        table.AddRow("weights", new ByteSize(result.WeightBytes).ToString());
        table.AddRow("activations", $"{new ByteSize(result.PeakActivationBytes)} at most at one time");
        foreach (var prediction in result.PredictedMemory)
        {
            table.AddRow($"peak, {prediction.Architecture}", $"memory predicted: {PeakForecast.Words(prediction)}");
        }

        table.AddRow("operators", Markup.Escape(string.Join(", ", result.Operators.Select(o => $"{o.Count} {o.Type}"))));
        return table;
    }
}
