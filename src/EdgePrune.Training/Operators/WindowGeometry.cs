using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Where the windows of a convolution or pooling lie. A 3-wide window with stride 2 and pads (0, 1) over 6 cells starts at
/// cells 0, 2 and 4, and the last one reads one padded cell.
/// </summary>
internal sealed class WindowGeometry
{
    private readonly string _mode;
    private readonly bool _ceil;
    private readonly (long Begin, long End)[] _pads;

    public WindowGeometry(Node node, long[] kernel)
    {
        Kernel = kernel;
        Strides = node.Ints("strides")?.ToArray() ?? Ones();
        Dilations = node.Ints("dilations")?.ToArray() ?? Ones();
        _mode = node.Text("auto_pad", "NOTSET");
        _ceil = node.Int("ceil_mode", 0) == 1;
        var pads = node.Ints("pads");
        _pads = [.. Enumerable.Range(0, Rank).Select(axis => pads is null || _mode == "VALID" ? (0, 0) : (pads[axis], pads[axis + Rank]))];
    }

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    public int Rank => Kernel.Length;

    public bool IsDilated => Dilations.Any(d => d != 1);

    /// <summary>Whether the padding depends on the input's size.</summary>
    public bool IsSame => _mode is "SAME_UPPER" or "SAME_LOWER";

    public bool IsSameUpper => _mode == "SAME_UPPER";

    /// <summary>Number of cells in a window.</summary>
    public long Cells => Tensor.Elements(Kernel);

    /// <summary>
    /// The padding of each axis, when it is the same before and after, the same for every input and below half a window: libtorch
    /// then pads by itself, without a copy.
    /// </summary>
    public long[]? EvenPads(bool belowHalf) =>
        !IsSame && !_ceil && Enumerable.Range(0, Rank).All(a => _pads[a].Begin == _pads[a].End && _pads[a].Begin >= 0 && (!belowHalf || _pads[a].Begin <= Kernel[a] / 2))
            ? [.. _pads.Select(p => p.Begin)]
            : null;

    /// <summary>The padding that the node asks for, of each axis of space.</summary>
    public (long Begin, long End)[] Pads(torch.Tensor x)
    {
        var space = x.shape[^Rank..];
        return IsSame ? [.. Enumerable.Range(0, Rank).Select(axis => Pad(axis, space[axis]))] : _pads;
    }

    /// <summary>The padding with as much more at the end as rounding the number of windows up needs.</summary>
    public (long Begin, long End)[] RoundedPads(torch.Tensor x, (long Begin, long End)[] pads)
    {
        var space = x.shape[^Rank..];
        return _ceil ? [.. Enumerable.Range(0, Rank).Select(axis => Extend(axis, space[axis], pads[axis]))] : pads;
    }

    /// <summary>A tensor with a border.</summary>
    public static torch.Tensor Enlarge(torch.Tensor x, (long Begin, long End)[] pads, double value)
    {
        // libtorch lists the last axis first.
        long[] flat = [.. pads.Reverse().SelectMany(p => new[] { p.Begin, p.End })];
        return flat.All(p => p == 0) ? x : torch.nn.functional.pad(x, flat, PaddingModes.Constant, value);
    }

    /// <summary>Cells from a window's first to its last.</summary>
    public long Span(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

    private (long Begin, long End) Pad(int axis, long size)
    {
        var windows = (size + Strides[axis] - 1) / Strides[axis];
        var total = Math.Max(0, ((windows - 1) * Strides[axis]) + Span(axis) - size);
        return IsSameUpper ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
    }

    private (long Begin, long End) Extend(int axis, long size, (long Begin, long End) pad)
    {
        var free = size + pad.Begin + pad.End - Span(axis);
        var windows = ((free + Strides[axis] - 1) / Strides[axis]) + 1;

        // The last window must start inside the input or its left padding.
        windows -= (windows - 1) * Strides[axis] >= size + pad.Begin ? 1 : 0;
        var missing = ((windows - 1) * Strides[axis]) + Span(axis) - (size + pad.Begin + pad.End);
        return (pad.Begin, pad.End + Math.Max(0, missing));
    }

    private long[] Ones() => [.. Enumerable.Repeat(1L, Rank)];
}
