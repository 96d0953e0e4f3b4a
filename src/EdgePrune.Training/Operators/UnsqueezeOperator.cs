using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Unsqueeze: inserts axes of size 1, counted in the result.</summary>
internal sealed class UnsqueezeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Unsqueeze"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var axes = NodeConstants.Ints(node, "axes", 1);
        return One(x =>
        {
            var named = axes(x)!;
            return NodeConstants.Axes(named, x[0].dim() + named.Length).Aggregate(x[0], (y, axis) => y.unsqueeze(axis));
        });
    }
}
