using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Reductions over axes, or over all when none is named.</summary>
internal sealed class ReduceOperator : TorchOperator
{
    // The root's slope at zero is infinite, and times zero no number; below this square it is zero.
    private const double Least = 1e-37;

    private static readonly Dictionary<string, Func<torch.Tensor, long[], bool, torch.Tensor>> Functions = new(StringComparer.Ordinal)
    {
        ["ReduceMean"] = (x, axes, keeps) => x.mean(axes, keeps),
        ["ReduceSum"] = (x, axes, keeps) => x.sum(axes, keeps, x.dtype),
        ["ReduceMax"] = (x, axes, keeps) => x.amax(axes, keeps),
        ["ReduceMin"] = (x, axes, keeps) => x.amin(axes, keeps),
        ["ReduceProd"] = (x, axes, keeps) => axes.Reverse().Aggregate(x, (y, axis) => y.prod(axis, keeps, x.dtype)),
        ["ReduceL1"] = (x, axes, keeps) => x.abs().sum(axes, keeps, x.dtype),
        ["ReduceL2"] = (x, axes, keeps) => x.square().sum(axes, keeps).clamp_min(Least).sqrt(),
        ["ReduceLogSum"] = (x, axes, keeps) => x.sum(axes, keeps).log(),
        ["ReduceLogSumExp"] = LogSumExp,
        ["ReduceSumSquare"] = (x, axes, keeps) => x.square().sum(axes, keeps, x.dtype),
    };

    public override IReadOnlyList<string> Types => [.. Functions.Keys];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var (function, source) = (Functions[node.OperatorType], NodeConstants.Ints(node, "axes", 1));
        var (keeps, isNothing) = (node.Int("keepdims", 1) != 0, node.Int("noop_with_empty_axes", 0) != 0);
        return One(x => source(x) is { Length: > 0 } axes
            ? function(x[0], NodeConstants.Axes(axes, x[0].dim()), keeps)
            : isNothing ? function(x[0].unsqueeze(-1), [x[0].dim()], false) : function(x[0], NodeConstants.AxesFrom(0, x[0].dim()), keeps));
    }

    // Less the largest, so that no exponential is too large for its type.
    private static torch.Tensor LogSumExp(torch.Tensor x, long[] axes, bool keeps)
    {
        var largest = x.detach().amax(axes, keepdim: true);
        var result = (x - largest).exp().sum(axes, keepdim: true).log() + largest;
        return keeps ? result : axes.Reverse().Aggregate(result, (y, axis) => y.squeeze(axis));
    }
}
