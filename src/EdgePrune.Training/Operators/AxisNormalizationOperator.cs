using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Normalizations without weights: to norm 1, to mean 0 and variance 1, and by neighbouring channels.</summary>
internal sealed class AxisNormalizationOperator : TorchOperator
{
    // Keeps what is all zero at zero, with the gradient zero.
    private const double Least = 1e-30;

    public override IReadOnlyList<string> Types => ["LpNormalization", "MeanVarianceNormalization", "LRN"];

    public override Kernel Compile(Node node) => node.OperatorType switch
    {
        "LRN" => Unary(ByNeighbours(node)),
        "LpNormalization" => Unary(ToNormOne(node.Int("axis", -1), node.Int("p", 2))),
        _ => Unary(ToVarianceOne(node.Ints("axes")?.ToArray() ?? [0, 2, 3])),
    };

    private static Func<torch.Tensor, torch.Tensor> ToNormOne(long axis, long p) => p == 1
        ? x => x / x.abs().sum(axis, keepdim: true).clamp_min(Least)
        : x => x / x.square().sum(axis, keepdim: true).clamp_min(Least).sqrt();

    private static Func<torch.Tensor, torch.Tensor> ToVarianceOne(long[] axes) => x =>
    {
        var centred = x - x.mean(axes, keepdim: true);
        return centred / (centred.square().mean(axes, keepdim: true).sqrt() + 1e-9);
    };

    private static Func<torch.Tensor, torch.Tensor> ByNeighbours(Node node)
    {
        var size = node.Int("size", 1);
        double alpha = node.Float("alpha", 1e-4f), beta = node.Float("beta", 0.75f), bias = node.Float("bias", 1);
        return x =>
        {
            long[] border = [.. Enumerable.Repeat(0L, 2 * ((int)x.dim() - 2)), (size - 1) / 2, size / 2];
            var sums = functional.pad(x.square(), border).unfold(1, size, 1).sum(-1);
            return x / ((sums * (alpha / size)) + bias).pow(beta);
        };
    }
}
