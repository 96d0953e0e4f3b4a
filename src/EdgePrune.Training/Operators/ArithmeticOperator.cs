using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Arithmetic of two tensors with broadcasting. Single numbers, such as the 0.5 of a formula, do not learn.</summary>
internal sealed class ArithmeticOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Add", "Sub", "Mul", "Div", "Pow", "PRelu"];

    public override bool Learns(Node node, int input) => node.Inputs[input]!.Constant is not { Count: 1 } || node.OperatorType == "PRelu";

    public override string? Refusal(Node node) =>
        node.Int("broadcast", 0) != 0 ? "broadcasts in the way of operator sets before 7; convert the model to a newer one" : null;

    public override Kernel Compile(Node node) => node.OperatorType switch
    {
        "Add" => One(x => x[0] + x[1]),
        "Sub" => One(x => x[0] - x[1]),
        "Mul" => One(x => x[0] * x[1]),
        "Div" => One(x => x[0] / x[1]),
        "Pow" => One(x => x[0].pow(x[1])),
        _ => One(x => x[0].clamp_min(0) + (x[1] * x[0].clamp_max(0))),
    };
}
