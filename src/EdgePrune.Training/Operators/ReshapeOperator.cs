using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Reshape to a constant shape; 0 keeps the input's size, -1 takes what is left.</summary>
internal sealed class ReshapeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Reshape"];

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1);

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var shape = NodeConstants.Ints(node, "shape", 1)!;
        var copiesZero = node.Int("allowzero", 0) == 0;
        return Unary(x => x.reshape([.. shape.Select((size, axis) => size == 0 && copiesZero ? x.shape[axis] : size)]));
    }
}
