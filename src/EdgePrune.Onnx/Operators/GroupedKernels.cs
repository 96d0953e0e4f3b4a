namespace EdgePrune.Onnx;

/// <summary>
/// Slices the weight of a grouped convolution on its input axis: block q of the kernels keeps the columns of the channels
/// that block q of the data keeps, which may be others in each block as long as their number is the same.
/// </summary>
internal static class GroupedKernels
{
    public static void Slice(Node node, ResizeContext change, int groups)
    {
        var (data, weight) = (node.Input(0)!, node.Input(1)!);
        var width = (int)change.OldShape(weight)[1];
        var columns = change.Kept(data, 1).GroupBy(c => c / width).ToDictionary(b => b.Key, b => b.Select(c => c % width).ToArray());
        var rows = change.Kept(weight, 0).GroupBy(r => r / ((int)change.OldShape(weight)[0] / groups)).ToList();
        if (!change.Shrank(data, 1) && rows.Count == groups)
        {
            return;
        }

        // The output axis is sliced already: rows of one block are neighbours.
        List<byte> bytes = [];
        var start = 0;
        foreach (var block in rows)
        {
            var kernels = weight.Constant!.Take(0, [.. Enumerable.Range(start, block.Count())]);
            bytes.AddRange(kernels.Take(1, columns[block.Key]).Bytes.Span);
            start += block.Count();
        }

        var dims = weight.Constant!.Dims.ToArray();
        dims[1] = columns[rows[0].Key].Length;
        change.SetConstant(node, 1, new Tensor(weight.Constant.ElementType, dims, bytes.ToArray()));
        change.SetAttribute(node, "group", new AttributeValue.Int(rows.Count));
    }
}
