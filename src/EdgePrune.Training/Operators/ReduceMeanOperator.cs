using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>ReduceMean over axes, or over all when none is named.</summary>
internal sealed class ReduceMeanOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["ReduceMean"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1);

    public override Kernel Compile(Node node)
    {
        var axes = NodeConstants.Ints(node, "axes", 1) ?? [];
        var keepsAxes = node.Int("keepdims", 1) != 0;
        if (axes.Length == 0 && node.Int("noop_with_empty_axes", 0) != 0)
        {
            return Unary(x => x.alias());
        }

        return Unary(x => x.mean(axes.Length > 0 ? axes : [.. Enumerable.Range(0, (int)x.dim()).Select(a => (long)a)], keepsAxes));
    }
}
