using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Transpose: permutes the axes, or reverses them when no permutation is given.</summary>
internal sealed class TransposeOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Transpose"];

    public override Kernel Compile(Node node)
    {
        var permutation = node.Ints("perm")?.ToArray();
        return Unary(x => x.permute(permutation ?? [.. NodeConstants.AxesFrom(0, x.dim()).Reverse()]));
    }
}
