using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Einsum: sums of products by the letters of an equation.</summary>
internal sealed class EinsumOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Einsum"];

    public override Kernel Compile(Node node)
    {
        var equation = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        return One(x => torch.einsum(equation, ConcatOperator.All(x)));
    }
}
