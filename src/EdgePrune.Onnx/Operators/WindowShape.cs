namespace EdgePrune.Onnx;

/// <summary>Output extents of operators that slide a window over space.</summary>
internal static class WindowShape
{
    /// <summary>Extents of all axes of space.</summary>
    /// <param name="node">Node with <c>strides</c>, <c>dilations</c>, <c>pads</c> and <c>auto_pad</c>.</param>
    /// <param name="input">Shape of the data.</param>
    /// <param name="kernel">Extents of the window.</param>
    /// <returns>One extent an axis.</returns>
    public static IEnumerable<long> Extents(Node node, long[] input, IReadOnlyList<long> kernel)
    {
        for (var axis = 0; axis < kernel.Count; axis++)
        {
            var stride = node.Ints("strides")?[axis] ?? 1;
            var dilation = node.Ints("dilations")?[axis] ?? 1;
            var reach = ((kernel[axis] - 1) * dilation) + 1;
            var pad = AxisRules.Padding(node, axis, kernel.Count, input[axis + 2], reach, stride);
            yield return AxisRules.Extent(input[axis + 2], reach, stride, pad, node.Int("ceil_mode", 0) != 0);
        }
    }
}
