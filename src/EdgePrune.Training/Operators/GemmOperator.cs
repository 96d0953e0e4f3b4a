using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Gemm: <c>alpha * A * B + beta * C</c>, with A and B transposed on demand.</summary>
internal sealed class GemmOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Gemm"];

    public override Kernel Compile(Node node)
    {
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var (transposeA, transposeB) = (node.Int("transA", 0) != 0, node.Int("transB", 0) != 0);
        return One(x =>
        {
            var (a, b) = (Oriented(x[0], transposeA), Oriented(x[1], transposeB));
            return x.Find(2) is { } c ? c.addmm(a, b, beta, alpha) : Scaled(a.mm(b), alpha);
        });
    }

    private static torch.Tensor Oriented(torch.Tensor x, bool transposed) => transposed ? x.t() : x;

    private static torch.Tensor Scaled(torch.Tensor x, float factor) => factor == 1 ? x : x * factor;
}
