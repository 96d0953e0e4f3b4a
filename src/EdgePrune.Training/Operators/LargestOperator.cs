using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Where the largest or smallest element of an axis is, and the 1 at the place of the largest. They have no gradient.</summary>
internal sealed class LargestOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["ArgMax", "ArgMin", "Hardmax"];

    public override string? Refusal(Node node) => node.Int("select_last_index", 0) != 0 ? "picks the last of equal elements" : null;

    public override Kernel Compile(Node node)
    {
        var (axis, keeps) = (node.Int("axis", 0), node.Int("keepdims", 1) != 0);
        return node.OperatorType switch
        {
            "Hardmax" => Unary(AxisFunction.Of(node, Mark)),
            "ArgMax" => Unary(x => x.argmax(axis, keeps)),
            _ => Unary(x => x.argmin(axis, keeps)),
        };
    }

    private static torch.Tensor Mark(torch.Tensor x, long axis)
    {
        var place = x.argmax(axis, keepdim: true);
        return x.zeros_like().scatter(axis, place, torch.ones(place.shape, x.dtype));
    }
}
