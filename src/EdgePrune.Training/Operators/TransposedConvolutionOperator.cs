using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>ConvTranspose over one to three axes of space. The whole result is computed and its border cut, because pads may differ at both ends.</summary>
internal sealed class TransposedConvolutionOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["ConvTranspose"];

    public override string? Refusal(Node node) => ConvolutionWindow.Refusal(node);

    public override Kernel Compile(Node node)
    {
        var (of, groups) = (ConvolutionWindow.Of(node), node.Int("group", 1));
        var (more, sizes) = (node.Ints("output_padding")?.ToArray(), node.Ints("output_shape")?.ToArray());
        return One(x =>
        {
            var window = of(x[1])!;
            var extra = more ?? new long[window.Rank];
            var cut = sizes is null && !window.IsSame ? window.Pads(x[0]) : Cut(window, x[0], extra, sizes);
            (long Begin, long End)[] border = [.. cut.Zip(extra, (c, e) => (-c.Begin, e - c.End))];
            var whole = Convolve(window, x[0], x[1], groups);
            var result = WindowGeometry.Enlarge(whole, border, 0);
            return x.Find(2) is { } bias ? result + bias.reshape([-1, .. Enumerable.Repeat(1L, window.Rank)]) : result;
        });
    }

    // What to cut so that the result has the size asked for, by default a stride for each cell.
    private static (long Begin, long End)[] Cut(WindowGeometry window, torch.Tensor x, long[] extra, long[]? sizes)
    {
        var space = x.shape[^window.Rank..];
        return [.. Enumerable.Range(0, window.Rank).Select(axis =>
        {
            var size = sizes?[^window.Rank..][axis] ?? (space[axis] * window.Strides[axis]);
            var total = (window.Strides[axis] * (space[axis] - 1)) + extra[axis] + window.Span(axis) - size;

            // A size beyond what there is gets zeros at the end.
            return total < 0 ? (0, total) : window.IsSameUpper ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
        })];
    }

    private static torch.Tensor Convolve(WindowGeometry window, torch.Tensor x, torch.Tensor weight, long groups) => window.Rank switch
    {
        1 => functional.conv_transpose1d(x, weight, stride: window.Strides[0], dilation: window.Dilations[0], groups: groups),
        2 => functional.conv_transpose2d(x, weight, strides: window.Strides, dilation: window.Dilations, groups: groups),
        _ => functional.conv_transpose3d(x, weight, strides: window.Strides, dilation: window.Dilations, groups: groups),
    };
}
