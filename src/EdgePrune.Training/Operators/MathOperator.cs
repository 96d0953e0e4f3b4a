using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Functions of one element that mathematics names. Those with steps have the gradient zero.</summary>
internal sealed class MathOperator : TorchOperator
{
    private static readonly Dictionary<string, Func<torch.Tensor, torch.Tensor>> Functions = new(StringComparer.Ordinal)
    {
        ["Abs"] = x => x.abs(),
        ["Neg"] = x => -x,
        ["Exp"] = x => x.exp(),
        ["Log"] = x => x.log(),
        ["Sqrt"] = x => x.sqrt(),
        ["Reciprocal"] = x => x.reciprocal(),
        ["Erf"] = x => x.erf(),
        ["Sin"] = x => x.sin(),
        ["Cos"] = x => x.cos(),
        ["Tan"] = x => x.tan(),
        ["Asin"] = x => x.asin(),
        ["Acos"] = x => x.acos(),
        ["Atan"] = x => x.atan(),
        ["Sinh"] = x => x.sinh(),
        ["Cosh"] = x => x.cosh(),
        ["Asinh"] = x => x.asinh(),
        ["Acosh"] = x => x.acosh(),
        ["Atanh"] = x => x.atanh(),
        ["Floor"] = x => x.floor(),
        ["Ceil"] = x => x.ceil(),
        ["Round"] = x => x.round(),
        ["Sign"] = x => x.sign(),
    };

    public override IReadOnlyList<string> Types => [.. Functions.Keys];

    public override Kernel Compile(Node node) => Unary(Functions[node.OperatorType]);
}
