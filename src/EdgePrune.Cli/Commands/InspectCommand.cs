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
    private readonly Option<bool> _groups = new("--groups") { Description = "List every group of channels with the operators that make and read them." };

    public InspectCommand(ToolShell shell)
        : base(shell, "inspect", "Show a model's operators, parameters, operations and memory, what can be pruned, and what cannot and why.",
            "edgeprune inspect samples/mnist/mnist-cnn.onnx --groups")
    {
        _model = new ModelArgument(this);
        Add(_groups);
    }

    protected override Task<int> RunAsync(ParseResult parse, Screen screen, CancellationToken cancellationToken)
    {
        var model = _model.Read(parse);
        var result = Describe(model, new FileInfo(_model.PathOf(parse)).Length);
        Print(screen, result, parse.GetValue(_groups));
        screen.Json(result, CliJson.Default.InspectResult);
        return Task.FromResult(ExitCodes.Done);
    }

    private static InspectResult Describe(Model model, long fileBytes)
    {
        var analysis = ModelAnalysis.Of(model);
        return new InspectResult
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
            Groups = [.. analysis.Groups.Select(g => new GroupDescription(g.Name, g.Channels.Count, Labels(g.Producers), Labels(g.Consumers)))],
            Pins = [.. analysis.Pins.Select(p => new PinDescription(p.Node, p.Pinned, p.Channels, p.Reason.Kind.ToString(), p.Reason.Text))],
        };
    }

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
        PrintGroups(screen, result, withGroups);
        screen.Say(result.Pins.Count == 0 ? "Nothing is pinned." : "Pinned:");
        foreach (var pin in result.Pins)
        {
            screen.Say(pin.Node.Length == 0 ? $"  {pin.Reason}" : $"  {pin.Node}: {pin.Pinned} of {pin.Channels} channels stay. {pin.Reason}");
        }
    }

    private static Table Figures(InspectResult result)
    {
        var table = new Table().AddColumns("Figure", "Value");
        table.AddRow("parameters", Numbers.Count(result.Parameters));
        table.AddRow("operations", $"{Numbers.Count(result.Macs)} MACs");
        table.AddRow("file", new ByteSize(result.FileBytes).ToString());
        table.AddRow("weights", new ByteSize(result.WeightBytes).ToString());
        table.AddRow("activations", $"{new ByteSize(result.PeakActivationBytes)} at most at one time");
        table.AddRow("operators", Markup.Escape(string.Join(", ", result.Operators.Select(o => $"{o.Count} {o.Type}"))));
        return table;
    }

    private static void PrintGroups(Screen screen, InspectResult result, bool withGroups)
    {
        screen.Say($"{result.Groups.Count} groups can be pruned, {Numbers.Count(result.Groups.Sum(g => g.Channels))} channels{(withGroups || result.Groups.Count == 0 ? "" : " (--groups lists them)")}.");
        if (!withGroups || result.Groups.Count == 0)
        {
            return;
        }

        var table = new Table().AddColumns("Group", "Channels", "Made by", "Read by");
        foreach (var group in result.Groups)
        {
            table.AddRow(Markup.Escape(group.Name), Numbers.Count(group.Channels), Markup.Escape(string.Join(", ", group.Producers)), Markup.Escape(string.Join(", ", group.Consumers)));
        }

        screen.Show(table);
    }
}
