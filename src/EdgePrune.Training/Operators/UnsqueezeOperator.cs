using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Unsqueeze: inserts axes of size 1, counted in the result.</summary>
internal sealed class UnsqueezeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Unsqueeze"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1);

    public override Kernel Compile(Node node)
    {
        var axes = NodeConstants.Ints(node, "axes", 1)!;
        return Unary(x => NodeConstants.Axes(axes, x.dim() + axes.Length).Aggregate(x, (y, axis) => y.unsqueeze(axis)));
    }
}
