using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>The mean over all axes of space.</summary>
internal sealed class GlobalAveragePoolOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["GlobalAveragePool"];

    public override Kernel Compile(Node node) =>
        Unary(x => x.mean([.. Enumerable.Range(2, (int)x.dim() - 2).Select(a => (long)a)], keepdim: true));
}
