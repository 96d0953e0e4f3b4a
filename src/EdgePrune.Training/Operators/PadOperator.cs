using EdgePrune.Onnx;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Training;

/// <summary>Pad with a number, or by picking indices again: mirrored, from the edge, or around. Negative pads cut.</summary>
internal sealed class PadOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Pad"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var mode = node.Text("mode", "constant");
        var (pads, axes, filling) = (NodeConstants.Ints(node, "pads", 1), NodeConstants.Ints(node, "axes", 3), Filling(node));
        return One(x =>
        {
            var border = Border(x[0], pads(x)!, axes(x));
            return mode == "constant" ? WindowGeometry.Enlarge(x[0], border, filling(x)) : Pick(x[0], border, mode);
        });
    }

    private static Func<KernelInputs, double> Filling(Node node)
    {
        double? known = node.Input(2) is { Constant: null } ? null : NodeConstants.Number(node, "value", 2) ?? 0;
        return known is { } number ? _ => number : x => x[2].to(torch.ScalarType.Float64).item<double>();
    }

    private static (long Begin, long End)[] Border(torch.Tensor x, long[] pads, long[]? axes)
    {
        var border = new (long Begin, long End)[x.dim()];
        for (var i = 0; i < pads.Length / 2; i++)
        {
            border[axes is null ? i : NodeConstants.Axis(axes[i], x.dim())] = (pads[i], pads[i + (pads.Length / 2)]);
        }

        return border;
    }

    private static torch.Tensor Pick(torch.Tensor x, (long Begin, long End)[] border, string mode)
    {
        for (var axis = 0; axis < border.Length; axis++)
        {
            var ((begin, end), size) = (border[axis], (int)x.shape[axis]);
            if ((begin, end) is not (0, 0))
            {
                x = x.index_select(axis, NodeConstants.Vector(Enumerable.Range((int)-begin, (int)(begin + size + end)).Select(i => Index(i, size, mode))));
            }
        }

        return x;
    }

    // Of three cells a b c, two more before are: c b | a b c mirrored, a a | a b c from the edge, b c | a b c around.
    private static long Index(int index, int size, string mode)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(index, 0, size - 1);
            case "wrap":
                return ((index % size) + size) % size;
            default:
                var period = Math.Max(1, 2 * (size - 1));
                var place = ((index % period) + period) % period;
                return place < size ? place : period - place;
        }
    }
}
