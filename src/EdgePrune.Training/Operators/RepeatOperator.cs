using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Expand by the rules of broadcasting, and Tile.</summary>
internal sealed class RepeatOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Expand", "Tile"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var sizes = NodeConstants.Ints(node, "", 1);
        return node.OperatorType == "Tile" ? One(x => x[0].tile(sizes(x)!)) : One(x => x[0].expand(Broadcast(x[0].shape, sizes(x)!)));
    }

    private static long[] Broadcast(long[] shape, long[] other)
    {
        var result = new long[Math.Max(shape.Length, other.Length)];
        for (var i = 1; i <= result.Length; i++)
        {
            var (a, b) = (i <= shape.Length ? shape[^i] : 1, i <= other.Length ? other[^i] : 1);
            result[^i] = a == 1 ? b : a;
        }

        return result;
    }
}
