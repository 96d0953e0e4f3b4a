using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Identity, and Dropout as it is in inference.</summary>
internal sealed class IdentityOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Identity", "Dropout"];

    public override bool Learns(Node node, int input) => input == 0;

    // An alias, so that no slot owns another's tensor.
    public override Kernel Compile(Node node) => Unary(x => x.alias());
}
