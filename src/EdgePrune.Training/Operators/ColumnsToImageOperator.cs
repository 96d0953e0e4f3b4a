using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Col2Im: adds columns up to the image whose blocks they are.</summary>
internal sealed class ColumnsToImageOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Col2Im"];

    public override bool Learns(Node node, int input) => input == 0;

    public override string? Refusal(Node node) => (node.Input(1)?.Constant ?? node.Input(2)?.Constant) is { Count: not 2 } ? "does not work on 2 axes of space" : null;

    public override Kernel Compile(Node node)
    {
        var (image, block) = (NodeConstants.Ints(node, "", 1), NodeConstants.Ints(node, "", 2));
        var (dilations, strides) = (Pair(node, "dilations"), Pair(node, "strides"));
        var pads = node.Ints("pads")?.ToArray() ?? [0, 0, 0, 0];
        return One(x =>
        {
            // The padded image first, for pads may differ at both ends.
            var (size, kernel) = (image(x)!, block(x)!);
            var padded = functional.fold(x[0], (size[0] + pads[0] + pads[2], size[1] + pads[1] + pads[3]), (kernel[0], kernel[1]), dilations, (0, 0), strides);
            return WindowGeometry.Enlarge(padded, [(-pads[0], -pads[2]), (-pads[1], -pads[3])], 0);
        });
    }

    private static (long Rows, long Columns) Pair(Node node, string attribute) => node.Ints(attribute) is [var rows, var columns] ? (rows, columns) : (1, 1);
}
