using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Conv over one to three axes of space, with groups, dilation and any padding.</summary>
internal sealed class ConvolutionOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Conv"];

    public override string? Refusal(Node node) => ConvolutionWindow.Refusal(node);

    public override Kernel Compile(Node node)
    {
        var (of, groups) = (ConvolutionWindow.Of(node), node.Int("group", 1));
        var even = of(null) is { } known ? known.EvenPads(belowHalf: false) : null;
        return One(x =>
        {
            var window = of(x[1])!;
            return even is not null
                ? Convolve(window, x[0], (x[1], x.Find(2)), even, groups)
                : Convolve(window, WindowGeometry.Enlarge(x[0], window.Pads(x[0]), 0), (x[1], x.Find(2)), new long[window.Rank], groups);
        });
    }

    private static torch.Tensor Convolve(WindowGeometry window, torch.Tensor x, (torch.Tensor Weight, torch.Tensor? Bias) weights, long[] padding, long groups) => window.Rank switch
    {
        1 => functional.conv1d(x, weights.Weight, weights.Bias, window.Strides[0], padding[0], window.Dilations[0], groups),
        2 => functional.conv2d(x, weights.Weight, weights.Bias, window.Strides, padding, window.Dilations, groups),
        _ => functional.conv3d(x, weights.Weight, weights.Bias, window.Strides, padding, window.Dilations, groups),
    };
}
