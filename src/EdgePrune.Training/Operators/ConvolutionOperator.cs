using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Conv over one to three axes of space, with groups, dilation and any padding.</summary>
internal sealed class ConvolutionOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Conv"];

    public override string? Refusal(Node node) => Kernel(node) switch
    {
        null => "has a weight of unknown size",
        { Length: < 1 or > 3 } kernel => $"works on {kernel.Length} axes of space; 1 to 3 can be trained",
        _ => null,
    };

    public override Kernel Compile(Node node)
    {
        var window = new WindowGeometry(node, Kernel(node)!);
        var groups = node.Int("group", 1);
        return One(x =>
        {
            var pads = window.Pads(x[0]);
            var isEven = pads.All(p => p.Begin == p.End);
            var data = isEven ? x[0] : WindowGeometry.Enlarge(x[0], pads, 0);
            long[] padding = [.. pads.Select(p => isEven ? p.Begin : 0)];
            return Convolve(window, data, (x[1], x.Find(2)), padding, groups);
        });
    }

    private static long[]? Kernel(Node node) =>
        node.Ints("kernel_shape")?.ToArray() ?? (node.Input(1)?.Constant is { Rank: > 2 } weight ? weight.Dims[2..].ToArray() : null);

    private static torch.Tensor Convolve(WindowGeometry window, torch.Tensor x, (torch.Tensor Weight, torch.Tensor? Bias) weights, long[] padding, long groups) => window.Rank switch
    {
        1 => functional.conv1d(x, weights.Weight, weights.Bias, window.Strides[0], padding[0], window.Dilations[0], groups),
        2 => functional.conv2d(x, weights.Weight, weights.Bias, window.Strides, padding, window.Dilations, groups),
        _ => functional.conv3d(x, weights.Weight, weights.Bias, window.Strides, padding, window.Dilations, groups),
    };
}
