using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Arithmetic with broadcasting, of two tensors or of many. Single numbers, such as the 0.5 of a formula, do not learn.</summary>
internal sealed class ArithmeticOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Add", "Sub", "Mul", "Div", "Pow", "Mod", "PRelu", "Min", "Max", "Sum", "Mean"];

    public override bool Learns(Node node, int input) => node.Inputs[input]!.Constant is not { Count: 1 } || node.OperatorType == "PRelu";

    public override string? Refusal(Node node) =>
        node.Int("broadcast", 0) != 0 ? "broadcasts in the way of operator sets before 7; convert the model to a newer one" : null;

    public override Kernel Compile(Node node) => node.OperatorType switch
    {
        "Add" => One(x => x[0] + x[1]),
        "Sub" => One(x => x[0] - x[1]),
        "Mul" => One(x => x[0] * x[1]),
        "Div" => One(x => x[0].is_integral() ? Truncated(x[0], x[1]) : x[0] / x[1]),
        "Pow" => Power(node),
        "Mod" when node.Int("fmod", 0) != 0 => One(x => torch.fmod(x[0], x[1])),
        "Mod" => One(x => torch.remainder(x[0], x[1])),
        "PRelu" => One(x => x[0].clamp_min(0) + (x[1] * x[0].clamp(max: 0))),
        "Min" => Many(torch.minimum),
        "Max" => Many(torch.maximum),
        "Sum" => Many((a, b) => a + b),
        _ => One(x => Fold(x, (a, b) => a + b) / x.Count),
    };

    // A power of a known number is much faster than one of a tensor.
    private static Kernel Power(Node node) => node.Inputs[1]!.Constant is { Count: 1, Rank: 0 } && NodeConstants.Number(node, "", 1) is { } exponent
        ? Unary(x => x.is_integral() ? x.pow((long)exponent) : x.pow(exponent))
        : One(x => x[0].pow(x[1]).to(x[0].dtype));

    // Whole numbers are rounded towards zero; libtorch rounds down, or leaves them for floats.
    private static torch.Tensor Truncated(torch.Tensor x, torch.Tensor divisor) => (x - torch.fmod(x, divisor)).floor_divide(divisor);

    private static Kernel Many(Func<torch.Tensor, torch.Tensor, torch.Tensor> join) => One(x => Fold(x, join));

    private static torch.Tensor Fold(KernelInputs x, Func<torch.Tensor, torch.Tensor, torch.Tensor> join)
    {
        var result = x[0];
        for (var i = 1; i < x.Count; i++)
        {
            result = join(result, x[i]);
        }

        return result;
    }
}
