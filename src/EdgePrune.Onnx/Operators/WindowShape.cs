namespace EdgePrune.Onnx;

/// <summary>Output extents of operators that slide a window over space.</summary>
public static class WindowShape
{
    /// <summary>Padding of one axis of space.</summary>
    /// <param name="node">Node with <c>strides</c>, <c>dilations</c>, <c>pads</c> and <c>auto_pad</c>.</param>
    /// <param name="axis">The axis, counted from the first of space.</param>
    /// <param name="size">Extent of the data along it.</param>
    /// <param name="kernel">Extents of the window.</param>
    /// <returns>Zeros before and behind the data.</returns>
    public static (long Begin, long End) Padding(Node node, int axis, long size, IReadOnlyList<long> kernel) =>
        AxisRules.Padding(node, axis, kernel.Count, size, Reach(node, axis, kernel), node.Ints("strides")?[axis] ?? 1);

    /// <summary>Extents of all axes of space.</summary>
    /// <param name="node">Node with <c>strides</c>, <c>dilations</c>, <c>pads</c> and <c>auto_pad</c>.</param>
    /// <param name="input">Shape of the data.</param>
    /// <param name="kernel">Extents of the window.</param>
    /// <returns>One extent an axis.</returns>
    public static IEnumerable<long> Extents(Node node, long[] input, IReadOnlyList<long> kernel)
    {
        for (var axis = 0; axis < kernel.Count; axis++)
        {
            var pad = Padding(node, axis, input[axis + 2], kernel);
            yield return AxisRules.Extent(input[axis + 2], Reach(node, axis, kernel), node.Ints("strides")?[axis] ?? 1, pad, node.Int("ceil_mode", 0) != 0);
        }
    }

    private static long Reach(Node node, int axis, IReadOnlyList<long> kernel) => ((kernel[axis] - 1) * (node.Ints("dilations")?[axis] ?? 1)) + 1;
}
