using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>LSTM, GRU and RNN, step by step: forwards, backwards or both, with states, peepholes and sequences of unlike lengths.</summary>
internal sealed class RecurrentOperator : TorchOperator
{
    private static readonly string[] Known = ["Sigmoid", "Tanh", "Relu", "Softsign", "Softplus"];

    public override IReadOnlyList<string> Types => ["LSTM", "GRU", "RNN"];

    public override int OutputCount => 3;

    public override string? Refusal(Node node) =>
        node.Attributes.ContainsKey("clip") ? "clips its gates"
        : node.Int("input_forget", 0) != 0 ? "couples its input and forget gates"
        : Activations(node).Except(Known).FirstOrDefault() is { } unknown ? $"uses the activation '{unknown}'"
        : null;

    public override Kernel Compile(Node node)
    {
        var lengths = NodeConstants.Ints(node, "", 4);
        var isBatchFirst = node.Int("layout", 0) != 0;
        var cells = Cells(node);
        return x =>
        {
            var data = isBatchFirst ? x[0].transpose(0, 1) : x[0];
            var results = cells.Select((cell, direction) => RecurrentSequence.Run(cell, new RecurrentWeights(x, direction, isBatchFirst), data, lengths(x))).ToList();
            torch.Tensor[] all =
            [
                torch.stack(results.Select(r => r.All), 1),
                torch.stack(results.Select(r => r.State)),
                .. node.OperatorType == "LSTM" ? [torch.stack(results.Select(r => r.Cell!))] : Array.Empty<torch.Tensor>(),
            ];
            return isBatchFirst ? [all[0].permute(2, 0, 1, 3), .. all.Skip(1).Select(s => s.transpose(0, 1))] : all;
        };
    }

    // One for each direction.
    private static RecurrentCell[] Cells(Node node)
    {
        var names = Activations(node);
        bool[] backwards = node.Text("direction", "forward") switch { "forward" => [false], "reverse" => [true], _ => [false, true] };
        var each = names.Length / backwards.Length;
        return [.. backwards.Select((isBackward, direction) => new RecurrentCell(node.OperatorType, isBackward)
        {
            Functions = [.. names.Skip(direction * each).Take(each).Select(Function)],
            ResetsAfter = node.Int("linear_before_reset", 0) != 0,
        })];
    }

    private static string[] Activations(Node node)
    {
        if (node.Attributes.GetValueOrDefault("activations") is AttributeValue.Texts given)
        {
            return [.. given.Values];
        }

        string[] one = node.OperatorType switch { "LSTM" => ["Sigmoid", "Tanh", "Tanh"], "GRU" => ["Sigmoid", "Tanh"], _ => ["Tanh"] };
        return node.Text("direction", "forward") == "bidirectional" ? [.. one, .. one] : one;
    }

    private static Func<torch.Tensor, torch.Tensor> Function(string name) => name switch
    {
        "Sigmoid" => x => x.sigmoid(),
        "Tanh" => x => x.tanh(),
        "Relu" => x => x.relu(),
        "Softsign" => x => torch.nn.functional.softsign(x),
        _ => x => torch.nn.functional.softplus(x),
    };
}
