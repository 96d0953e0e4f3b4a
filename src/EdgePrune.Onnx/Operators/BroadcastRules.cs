namespace EdgePrune.Onnx;

/// <summary>Numpy broadcasting: shapes align from the right, and an axis of size 1 repeats.</summary>
internal static class BroadcastRules
{
    /// <summary>The shape that all shapes broadcast to.</summary>
    /// <exception cref="ArgumentException">Two sizes of an axis differ and none is 1.</exception>
    public static long[] Shape(IReadOnlyList<long[]> shapes)
    {
        var result = new long[shapes.Max(s => s.Length)];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
        {
            var shift = result.Length - shape.Length;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                result[axis + shift] = (result[axis + shift], shape[axis]) switch
                {
                    (1, var size) => size,
                    (var size, 1) => size,
                    var (a, b) when a == b => a,
                    var (a, b) => throw new ArgumentException($"Sizes {a} and {b} do not broadcast."),
                };
            }
        }

        return result;
    }

    /// <summary>Ties the axes of size above 1 to those of the result; axes that repeat are left alone.</summary>
    public static void Tie(Value input, Value output, ShapeTable shapes, AxisLinks links)
    {
        var shift = shapes.Rank(output) - shapes.Rank(input);
        for (var axis = 0; axis < shapes.Rank(input); axis++)
        {
            if (shapes.Size(input, axis) > 1)
            {
                links.Tie(input, axis, output, axis + shift);
            }
        }
    }

    /// <summary>The result's axis along which an input's only axis of size above 1 lies, or null when it has none or several.</summary>
    public static int? OnlyWideAxis(Value input, Value output, ShapeTable shapes)
    {
        int[] wide = [.. Enumerable.Range(0, shapes.Rank(input)).Where(axis => shapes.Size(input, axis) > 1)];
        return wide is [var only] ? only + shapes.Rank(output) - shapes.Rank(input) : null;
    }
}
