using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Mean, maximum or norm over all axes of space, which stay with size 1.</summary>
internal sealed class GlobalPoolingOperator : TorchOperator
{
    private const double Least = 1e-37;

    public override IReadOnlyList<string> Types => ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"];

    public override Kernel Compile(Node node)
    {
        var p = node.Int("p", 2);
        return node.OperatorType switch
        {
            "GlobalAveragePool" => Unary(x => x.mean(Space(x), keepdim: true)),
            "GlobalMaxPool" => Unary(x => x.amax(Space(x), keepdim: true)),
            _ => Unary(x => x.abs().pow(p).sum(Space(x), keepdim: true).clamp_min(Least).pow(1.0 / p)),
        };
    }

    private static long[] Space(torch.Tensor x) => NodeConstants.AxesFrom(2, x.dim());
}
