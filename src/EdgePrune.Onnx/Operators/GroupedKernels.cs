namespace EdgePrune.Onnx;

/// <summary>
/// Slices the weight of a grouped convolution on the axis that the blocks share: the rows of block q keep the columns of
/// the channels that block q keeps, which may be others in each block as long as their number is the same.
/// </summary>
/// <remarks>
/// Rows are the output's channels for a convolution and the input's for a transposed one; columns are those of the other
/// side. Rows are tied to their channels and sliced already, so that those of one block are neighbours.
/// </remarks>
internal static class GroupedKernels
{
    /// <summary>Slices the columns of every block.</summary>
    /// <param name="node">A node of the pruned model with its weight in slot 1.</param>
    /// <param name="change">Sizes before and after.</param>
    /// <param name="columnsOf">The value whose channels, on axis 1, are the columns of the blocks.</param>
    /// <param name="groups">Number of groups before pruning.</param>
    public static void Slice(Node node, ResizeContext change, Value columnsOf, int groups)
    {
        var weight = node.Input(1)!;
        var width = (int)change.OldShape(weight)[1];
        var columns = change.Kept(columnsOf, 1).GroupBy(c => c / width).ToDictionary(b => b.Key, b => b.Select(c => c % width).ToArray());
        var rows = change.Kept(weight, 0).GroupBy(r => r / ((int)change.OldShape(weight)[0] / groups)).ToList();
        if (!change.Shrank(columnsOf, 1) && rows.Count == groups)
        {
            return;
        }

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
