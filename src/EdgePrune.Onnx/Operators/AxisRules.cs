namespace EdgePrune.Onnx;

/// <summary>Rules of axes that several operators share.</summary>
internal static class AxisRules
{
    /// <summary>Ties every axis of two values of equal shape.</summary>
    public static void TieAll(AxisLinks links, Value a, Value b, int rank)
    {
        for (var axis = 0; axis < rank; axis++)
        {
            links.Tie(a, axis, b, axis);
        }
    }

    /// <summary>Ties the first axes and pins the others, which belong to space: convolution and pooling.</summary>
    public static void TieFirstPinRest(AxisLinks links, Node node, Value input, ShapeTable shapes, int tied)
    {
        for (var axis = 0; axis < tied; axis++)
        {
            links.Tie(input, axis, node.Output, axis);
        }

        PinSpace(links, node, input, shapes);
        PinSpace(links, node, node.Output, shapes);
    }

    /// <summary>Pins the axes from 2 on.</summary>
    public static void PinSpace(AxisLinks links, Node node, Value value, ShapeTable shapes)
    {
        for (var axis = 2; axis < shapes.Rank(value); axis++)
        {
            links.Pin(value, axis, new PinReason(PinKind.SpatialAxis, $"Axis {axis} of '{value.Name}' is one of space for node {node}."));
        }
    }

    /// <summary>Size of a convolution's or pooling's output along one axis of space.</summary>
    public static long Extent(long size, long kernel, long stride, (long Begin, long End) pad, bool ceil = false)
    {
        var span = size + pad.Begin + pad.End - kernel;
        if (span < 0)
        {
            return span; // The window is larger than the padded input: no such shape.
        }

        var extent = ((span + (ceil ? stride - 1 : 0)) / stride) + 1;

        // The last window of a rounded-up pooling must start inside the input or its left padding.
        return ceil && (extent - 1) * stride >= size + pad.Begin ? extent - 1 : extent;
    }

    /// <summary>Padding of one axis of space.</summary>
    public static (long Begin, long End) Padding(Node node, int axis, int axes, long size, long kernel, long stride)
    {
        var mode = node.Text("auto_pad", "NOTSET");
        if (mode is "SAME_UPPER" or "SAME_LOWER")
        {
            var total = Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + kernel - size);
            return mode == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
        }

        return node.Ints("pads") is { } pads && mode != "VALID" ? (pads[axis], pads[axis + axes]) : (0, 0);
    }
}
