using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Split along an axis into given sizes, or into as many equal parts as there are outputs (the last may be smaller).</summary>
internal sealed class SplitOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Split"];

    public override int OutputCount => int.MaxValue;

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var (axis, sizes, parts) = (node.Int("axis", 0), NodeConstants.Ints(node, "split", 1), node.Outputs.Count);
        return x => x[0].split(sizes(x) ?? Equal(x[0].shape[NodeConstants.Axis(axis, x[0].dim())], parts), axis);
    }

    private static long[] Equal(long size, long parts)
    {
        var each = (size + parts - 1) / parts;
        return [.. Enumerable.Range(0, (int)parts).Select(p => Math.Min(each, size - (p * each)))];
    }
}
