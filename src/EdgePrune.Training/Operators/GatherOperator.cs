using EdgePrune.Onnx;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>Picks by indices: whole slices of an axis, single elements of it, or slices by tuples.</summary>
internal sealed class GatherOperator : TorchOperator
{
    public override IReadOnlyList<string> Types => ["Gather", "GatherElements", "GatherND"];

    public override Kernel Compile(Node node)
    {
        var (axis, batch) = (node.Int("axis", 0), (int)node.Int("batch_dims", 0));
        return node.OperatorType switch
        {
            "Gather" => One(x => Slices(x[0], x[1], NodeConstants.Axis(axis, x[0].dim()))),
            "GatherND" => One(x => Tuples(x[0], x[1].to(torch.ScalarType.Int64), batch)),
            _ => One(x => x[0].gather(axis, NodeConstants.Indices(x[1], x[0].shape[NodeConstants.Axis(axis, x[0].dim())]))),
        };
    }

    private static torch.Tensor Slices(torch.Tensor data, torch.Tensor indices, int axis)
    {
        var shape = data.shape;
        var picked = data.index_select(axis, NodeConstants.Indices(indices.reshape(-1), shape[axis]));
        return picked.reshape([.. shape[..axis], .. indices.shape, .. shape[(axis + 1)..]]);
    }

    // Tuples become numbers: (1, 2) of axes of 3 and 4 is 1 * 4 + 2 = 6.
    private static torch.Tensor Tuples(torch.Tensor data, torch.Tensor indices, int batch)
    {
        var (shape, places) = (data.shape, indices.shape);
        var length = (int)places[^1];
        var batches = Tensor.Elements(shape.AsSpan(0, batch));
        var number = torch.arange(batches).reshape(-1, 1);
        var tuples = indices.reshape(batches, -1, length);
        for (var i = 0; i < length; i++)
        {
            var size = shape[batch + i];
            number = (number * size) + NodeConstants.Indices(tuples.select(2, i), size);
        }

        var slices = data.reshape([-1, .. shape[(batch + length)..]]);
        return slices.index_select(0, number.reshape(-1)).reshape([.. places[..^1], .. shape[(batch + length)..]]);
    }
}
