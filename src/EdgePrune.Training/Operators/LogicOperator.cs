using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Comparisons and logic. Their results have no gradient; what they choose between has one.</summary>
internal sealed class LogicOperator : TorchOperator
{
    public override IReadOnlyList<string> Types =>
        ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf", "Where"];

    public override bool Learns(Node node, int input) => node.OperatorType == "Where" && node.Inputs[input]!.Constant is not { Count: 1 };

    public override Kernel Compile(Node node) => node.OperatorType switch
    {
        "Equal" => One(x => x[0].eq(x[1])),
        "Less" => One(x => x[0].lt(x[1])),
        "LessOrEqual" => One(x => x[0].le(x[1])),
        "Greater" => One(x => x[0].gt(x[1])),
        "GreaterOrEqual" => One(x => x[0].ge(x[1])),
        "And" => One(x => x[0].logical_and(x[1])),
        "Or" => One(x => x[0].logical_or(x[1])),
        "Xor" => One(x => x[0].logical_xor(x[1])),
        "Not" => Unary(x => x.logical_not()),
        "IsNaN" => Unary(x => x.isnan()),
        "IsInf" => Infinite(node),
        _ => One(x => TorchSharp.torch.where(x[0], x[1], x[2])),
    };

    private static Kernel Infinite(Node node) => (node.Int("detect_positive", 1) != 0, node.Int("detect_negative", 1) != 0) switch
    {
        (true, true) => Unary(x => x.isinf()),
        (true, false) => Unary(x => x.isposinf()),
        (false, true) => Unary(x => x.isneginf()),
        _ => Unary(x => x.isinf().logical_and(x.isfinite())),
    };
}
