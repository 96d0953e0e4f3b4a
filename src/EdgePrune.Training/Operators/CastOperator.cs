using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Cast. All real types are one here, so that casts among them pass gradients on and round nothing.</summary>
internal sealed class CastOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Cast"];

    public override string? Refusal(Node node) => TorchTensors.CanHold(Target(node)) ? null : $"casts to {Target(node)}";

    public override Kernel Compile(Node node)
    {
        var target = TorchTensors.WholeType(Target(node));
        return One(x => x[0].to(target ?? x.Mode.Real));
    }

    private static ElementType Target(Node node) => (ElementType)node.Int("to", 0);
}
