using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>The window of a convolution: from its attribute, its constant weight, or the weight that the first run computes.</summary>
internal static class ConvolutionWindow
{
    public static string? Refusal(Node node) => Kernel(node) is { Length: < 1 or > 3 } kernel
        ? $"works on {kernel.Length} axes of space; 1 to 3 can be trained"
        : null;

    /// <summary>The window, by the weight when it alone tells its size; null for no weight and an unknown size.</summary>
    public static Func<torch.Tensor?, WindowGeometry?> Of(Node node)
    {
        var window = Kernel(node) is { } kernel ? new WindowGeometry(node, kernel) : null;
        return weight => window ??= weight is null ? null : new WindowGeometry(node, weight.shape[2..]);
    }

    private static long[]? Kernel(Node node) =>
        node.Ints("kernel_shape")?.ToArray() ?? (node.Input(1)?.Constant is { Rank: > 2 } weight ? weight.Dims[2..].ToArray() : null);
}
