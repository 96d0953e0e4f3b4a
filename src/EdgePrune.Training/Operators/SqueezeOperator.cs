using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Squeeze: removes axes of size 1, those named or all.</summary>
internal sealed class SqueezeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Squeeze"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var axes = NodeConstants.Ints(node, "axes", 1);
        return One(x => axes(x) is { } named ? NodeConstants.Axes(named, x[0].dim()).Reverse().Aggregate(x[0], Remove) : x[0].squeeze());
    }

    private static torch.Tensor Remove(torch.Tensor x, long axis) =>
        x.shape[axis] == 1 ? x.squeeze(axis) : throw new ArgumentException($"axis {axis} has size {x.shape[axis]} and cannot be squeezed.");
}
