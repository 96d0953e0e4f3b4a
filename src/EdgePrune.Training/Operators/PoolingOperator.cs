using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>MaxPool, AveragePool and LpPool over one to three axes of space, with any padding, dilation and rounding.</summary>
internal sealed class PoolingOperator : TorchOperator
{
    // The root's slope at zero is infinite, and times zero no number; below this it is zero.
    private const double Least = 1e-37;

    public override IReadOnlyList<string> Types => ["MaxPool", "AveragePool", "LpPool"];

    public override int OutputCount => 2;

    public override string? Refusal(Node node) =>
        node.Ints("kernel_shape") is not { Count: 1 or 2 or 3 } ? "does not work on 1 to 3 axes of space"
        : node.Int("storage_order", 0) != 0 ? "numbers its indices by columns"
        : null;

    public override Kernel Compile(Node node)
    {
        var window = new WindowGeometry(node, [.. node.Ints("kernel_shape")!]);
        var includesPads = node.Int("count_include_pad", 0) != 0;
        return node.OperatorType switch
        {
            "MaxPool" when node.Outputs.Count > 1 => x => MaximumPlaces.Of(window, x[0]),
            "MaxPool" when window.EvenPads(belowHalf: true) is { } pads => Unary(x => Max(window, x, pads)),
            "MaxPool" => Unary(x => Max(window, WindowGeometry.Enlarge(x, window.RoundedPads(x, window.Pads(x)), double.NegativeInfinity), new long[window.Rank])),
            "LpPool" when node.Int("p", 2) is var p => Unary(x => Norm(window, x, p)),
            _ when !window.IsDilated && window.EvenPads(belowHalf: true) is { } pads => Unary(x => Mean(window, x, pads, includesPads)),
            _ => Unary(x => Average(window, x, includesPads)),
        };
    }

    private static torch.Tensor Max(WindowGeometry window, torch.Tensor x, long[] pads) => window.Rank == 3
        ? functional.max_pool3d(x, window.Kernel, window.Strides, pads, window.Dilations)
        : WindowPlane.Apply(window, x, plane => functional.max_pool2d(plane, WindowPlane.Of(window.Kernel), WindowPlane.Of(window.Strides), WindowPlane.Of(pads, 0), WindowPlane.Of(window.Dilations)));

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

        var counted = torch.ones([1, 1, .. x.shape[^window.Rank..]], x.dtype);
        counted = includesPads ? WindowGeometry.Enlarge(counted, pads, 1) : WindowGeometry.Enlarge(counted, pads, 0);
        var rest = rounded.Zip(pads, (r, p) => (Begin: 0L, End: r.End - p.End)).ToArray();
        return mean / Mean(window, WindowGeometry.Enlarge(counted, rest, 0));
    }

    private static torch.Tensor Norm(WindowGeometry window, torch.Tensor x, long p)
    {
        var powers = WindowGeometry.Enlarge(x.abs().pow(p), window.RoundedPads(x, window.Pads(x)), 0);
        return (Mean(window, powers) * window.Cells).clamp_min(Least).pow(1.0 / p);
    }

    private static torch.Tensor Mean(WindowGeometry window, torch.Tensor x) =>
        window.IsDilated ? DilatedMean(window, x) : Mean(window, x, new long[window.Rank], includesPads: true);

    private static torch.Tensor Mean(WindowGeometry window, torch.Tensor x, long[] pads, bool includesPads) => window.Rank == 3
        ? functional.avg_pool3d(x, window.Kernel, window.Strides, pads, count_include_pad: includesPads)
        : WindowPlane.Apply(window, x, plane => functional.avg_pool2d(plane, WindowPlane.Of(window.Kernel), WindowPlane.Of(window.Strides), WindowPlane.Of(pads, 0), count_include_pad: includesPads));

    // libtorch averages without dilation only: a convolution of each channel with equal weights is the same.
    private static torch.Tensor DilatedMean(WindowGeometry window, torch.Tensor x)
    {
        var single = x.reshape([-1, 1, .. x.shape[^window.Rank..]]);
        var equal = torch.full([1, 1, .. window.Kernel], 1.0 / window.Cells, x.dtype);
        var mean = window.Rank switch
        {
            1 => functional.conv1d(single, equal, null, window.Strides[0], 0, window.Dilations[0]),
            2 => functional.conv2d(single, equal, null, window.Strides, [0, 0], window.Dilations),
            _ => functional.conv3d(single, equal, null, window.Strides, [0, 0, 0], window.Dilations),
        };
        return mean.reshape([.. x.shape[..2], .. mean.shape[2..]]);
    }
}
