using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Slice: every so many indices of an axis, forwards or backwards.</summary>
internal sealed class SliceOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Slice"];

    public override bool Learns(Node node, int input) => input == 0;

    public override Kernel Compile(Node node)
    {
        var (starts, ends) = (NodeConstants.Ints(node, "starts", 1), NodeConstants.Ints(node, "ends", 2));
        var (axes, steps) = (NodeConstants.Ints(node, "axes", 3), NodeConstants.Ints(node, "steps", 4));
        return One(x =>
        {
            var (from, to, at, by) = (starts(x)!, ends(x)!, axes(x), steps(x));
            var result = x[0];
            for (var i = 0; i < from.Length; i++)
            {
                result = Along(result, at is null ? i : NodeConstants.Axis(at[i], result.dim()), (from[i], to[i], by?[i] ?? 1));
            }

            return result;
        });
    }

    private static torch.Tensor Along(torch.Tensor x, int axis, (long Start, long End, long Step) cut)
    {
        var size = x.shape[axis];
        var start = cut.Start < 0 ? cut.Start + size : cut.Start;
        var end = cut.End < 0 ? cut.End + size : cut.End;
        if (cut.Step > 0)
        {
            start = Math.Clamp(start, 0, size);
            return x.slice(axis, start, Math.Clamp(end, start, size), cut.Step);
        }

        // libtorch has no steps backwards.
        List<long> indices = [];
        for (var i = Math.Clamp(start, -1, size - 1); i > Math.Clamp(end, -1, size - 1); i += cut.Step)
        {
            indices.Add(i);
        }

        return x.index_select(axis, NodeConstants.Vector(indices));
    }
}
