using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>MaxPool and AveragePool over one or two axes of space, with any padding and rounding.</summary>
internal sealed class PoolingOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["MaxPool", "AveragePool"];

    public override string? Refusal(Node node) =>
        node.Ints("kernel_shape") is not { Count: 1 or 2 } ? "does not work on 1 or 2 axes of space"
        : node.OperatorType == "AveragePool" && node.Ints("dilations") is { } dilations && dilations.Any(d => d != 1) ? "averages with dilation"
        : null;

    public override Kernel Compile(Node node)
    {
        var window = new WindowGeometry(node, [.. node.Ints("kernel_shape")!]);
        var includesPads = node.Int("count_include_pad", 0) != 0;
        return node.OperatorType == "MaxPool"
            ? Unary(x => Max(window, x))
            : Unary(x => Average(window, x, includesPads));
    }

    private static torch.Tensor Max(WindowGeometry window, torch.Tensor x)
    {
        var enlarged = WindowGeometry.Enlarge(x, window.RoundedPads(x, window.Pads(x)), double.NegativeInfinity);
        return OnPlane(window, enlarged, plane => functional.max_pool2d(plane, Plane(window.Kernel), Plane(window.Strides), [0, 0], Plane(window.Dilations)));
    }

    // The mean over the cells that count: the padded sum over the padded number, both as means over whole windows.
    private static torch.Tensor Average(WindowGeometry window, torch.Tensor x, bool includesPads)
    {
        var pads = window.Pads(x);
        var rounded = window.RoundedPads(x, pads);
        var mean = Mean(window, WindowGeometry.Enlarge(x, rounded, 0));
        if (rounded.All(p => p is (0, 0)))
        {
            return mean;
        }

        var counted = torch.ones([1, 1, .. x.shape[^window.Rank..]]);
        counted = includesPads ? WindowGeometry.Enlarge(counted, pads, 1) : WindowGeometry.Enlarge(counted, pads, 0);
        var rest = rounded.Zip(pads, (r, p) => (Begin: 0L, End: r.End - p.End)).ToArray();
        return mean / Mean(window, WindowGeometry.Enlarge(counted, rest, 0));
    }

    private static torch.Tensor Mean(WindowGeometry window, torch.Tensor x) =>
        OnPlane(window, x, plane => functional.avg_pool2d(plane, Plane(window.Kernel), Plane(window.Strides), [0, 0]));

    // One axis of space is a plane of height 1.
    private static torch.Tensor OnPlane(WindowGeometry window, torch.Tensor x, Func<torch.Tensor, torch.Tensor> pool) =>
        window.Rank == 2 ? pool(x) : pool(x.unsqueeze(2)).squeeze(2);

    private static long[] Plane(long[] sizes) => sizes.Length == 2 ? sizes : [1, sizes[0]];
}
