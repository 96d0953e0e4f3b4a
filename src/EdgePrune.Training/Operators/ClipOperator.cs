using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Clip to constant bounds, which are attributes before operator set 11 and inputs after. They do not learn.</summary>
internal sealed class ClipOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Clip"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => NodeConstants.RefuseComputed(node, 1, 2);

    public override Kernel Compile(Node node)
    {
        var low = NodeConstants.Number(node, "min", 1) ?? float.MinValue;
        var high = NodeConstants.Number(node, "max", 2) ?? float.MaxValue;
        return Unary(x => x.clamp(low, high));
    }
}
