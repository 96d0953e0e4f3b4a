using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Sums, largest elements and triangles along axes, and sequences backwards.</summary>
internal sealed class SequenceOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["CumSum", "TopK", "Trilu", "ReverseSequence"];

    public override int OutputCount => 2;

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node) => node.OperatorType switch
    {
        "CumSum" => CumulativeSum(node),
        "TopK" => Largest(node),
        "Trilu" => Triangle(node),
        _ => Reversed(node),
    };

    private static Kernel CumulativeSum(Node node)
    {
        var (axis, excludes, isReverse) = (NodeConstants.Int(node, "axis", 1, 0), node.Int("exclusive", 0) != 0, node.Int("reverse", 0) != 0);
        return One(x =>
        {
            var along = axis(x);
            var data = isReverse ? x[0].flip(along) : x[0];
            var sums = data.cumsum(along, data.dtype);
            sums = excludes ? sums - data : sums;
            return isReverse ? sums.flip(along) : sums;
        });
    }

    private static Kernel Largest(Node node)
    {
        var (count, axis) = (NodeConstants.Int(node, "k", 1, 1), (int)node.Int("axis", -1));
        var (isLargest, isSorted) = (node.Int("largest", 1) != 0, node.Int("sorted", 1) != 0);
        return x =>
        {
            var (values, places) = x[0].topk((int)count(x), axis, isLargest, isSorted);
            return [values, places];
        };
    }

    private static Kernel Triangle(Node node)
    {
        var diagonal = NodeConstants.Int(node, "", 1, 0);
        return node.Int("upper", 1) != 0 ? One(x => x[0].triu(diagonal(x))) : One(x => x[0].tril(diagonal(x)));
    }

    private static Kernel Reversed(Node node)
    {
        var (lengths, time, batch) = (NodeConstants.Ints(node, "", 1), node.Int("time_axis", 0), node.Int("batch_axis", 1));
        return One(x => time == 0
            ? SequenceReversal.Of(x[0], lengths(x)!)
            : SequenceReversal.Of(x[0].transpose(time, batch), lengths(x)!).transpose(time, batch));
    }
}
