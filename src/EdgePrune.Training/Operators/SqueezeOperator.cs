using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Squeeze: removes axes of size 1, those named or all.</summary>
internal sealed class SqueezeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Squeeze"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1);

    public override Kernel Compile(Node node)
    {
        var axes = NodeConstants.Ints(node, "axes", 1);
        return Unary(x => axes is null ? x.squeeze() : NodeConstants.Axes(axes, x.dim()).Reverse().Aggregate(x, Remove));
    }

    private static torch.Tensor Remove(torch.Tensor x, long axis) =>
        x.shape[axis] == 1 ? x.squeeze(axis) : throw new ArgumentException($"axis {axis} has size {x.shape[axis]} and cannot be squeezed.");
}
