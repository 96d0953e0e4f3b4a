using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Norms of a constant's slices along one axis.</summary>
internal static class SliceNorms
{
    /// <summary>Sum of squares of each slice.</summary>
    public static double[] Squared(Tensor tensor, int axis)
    {
        var values = tensor.ToFloats();
        var size = (int)tensor.Dims[axis];
        var inner = (int)Tensor.Elements(tensor.Dims[(axis + 1)..]);
        var sums = new double[size];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i / inner % size] += (double)values[i] * values[i];
        }

        return sums;
    }
}
