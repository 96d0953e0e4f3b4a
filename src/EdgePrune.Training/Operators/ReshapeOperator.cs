using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Reshape; 0 keeps the input's size, -1 takes what is left.</summary>
internal sealed class ReshapeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Reshape"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var (source, copiesZero) = (NodeConstants.Ints(node, "shape", 1), node.Int("allowzero", 0) == 0);
        return One(x => x[0].reshape(Resolve(source(x)!, x[0], copiesZero)));
    }

    private static long[] Resolve(long[] shape, torch.Tensor x, bool copiesZero)
    {
        if (!copiesZero || Array.IndexOf(shape, 0) < 0)
        {
            return shape;
        }

        var old = x.shape;
        return [.. shape.Select((size, axis) => size == 0 ? old[axis] : size)];
    }
}
