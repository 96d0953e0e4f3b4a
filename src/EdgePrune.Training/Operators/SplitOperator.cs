using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Split along an axis into given sizes, or into as many equal parts as there are outputs (the last may be smaller).</summary>
internal sealed class SplitOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Split"];

    public override bool HasManyOutputs => true;

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1);

    public override Kernel Compile(Node node)
    {
        var axis = node.Int("axis", 0);
        var sizes = NodeConstants.Ints(node, "split", 1);
        var parts = node.Outputs.Count;
        return x => x[0].split(sizes ?? Equal(x[0].shape[axis < 0 ? axis + x[0].dim() : axis], parts), axis);
    }

    private static long[] Equal(long size, long parts)
    {
        var each = (size + parts - 1) / parts;
        return [.. Enumerable.Range(0, (int)parts).Select(p => Math.Min(each, size - (p * each)))];
    }
}
