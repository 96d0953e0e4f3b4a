using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Identity, and Dropout as it is in inference.</summary>
internal sealed class IdentityOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Identity", "Dropout"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => node.Input(2) is { } mode && mode.Constant is not { ElementType: ElementType.Bool, Count: 1, Bytes.Span: [0] }
        ? "drops at random, or may; export the model for inference"
        : null;

    // An alias, so that no slot owns another's tensor.
    public override Kernel Compile(Node node) => Unary(x => x.alias());
}
