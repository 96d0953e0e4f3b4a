using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Layers over any number of axes of space, for random models.</summary>
internal static class RandomLayers
{
    /// <summary>Convolution that keeps the extents; weights scaled so that activations stay near one.</summary>
    public static Value Conv(GraphBuilder g, Value x, int channels, int kernel, int groups = 1, int dilation = 1)
    {
        var space = g.Shape(x).Length - 2;
        var inputs = g.Channels(x) / groups;
        long[] extents = [.. Enumerable.Repeat((long)kernel, space)];
        var weight = g.Weight(MathF.Sqrt(3f / (inputs * Tensor.Elements(extents))), [channels, inputs, .. extents]);
        var pad = (long)(kernel / 2 * dilation);
        return g.Op("Conv", [x, weight, g.Weight(0.3f, channels)],
            ("group", groups), ("dilations", Repeat(dilation, space)), ("pads", Repeat(pad, 2 * space)));
    }

    /// <summary>Convolution with "same" padding by name and stride 2.</summary>
    public static Value StridedConv(GraphBuilder g, Value x, int channels)
    {
        var space = g.Shape(x).Length - 2;
        var weight = g.Weight(MathF.Sqrt(3f / g.Channels(x)), [channels, g.Channels(x), .. Repeat(2, space)]);
        return g.Op("Conv", [x, weight], ("auto_pad", "SAME_UPPER"), ("strides", Repeat(2, space)));
    }

    /// <summary>Transposed convolution that doubles every axis of space.</summary>
    public static Value ConvTranspose(GraphBuilder g, Value x, int channels, int groups = 1)
    {
        var space = g.Shape(x).Length - 2;
        var weight = g.Weight(MathF.Sqrt(3f * groups / g.Channels(x)), [g.Channels(x), channels / groups, .. Repeat(2, space)]);
        return g.Op("ConvTranspose", [x, weight, g.Weight(0.3f, channels)], ("group", groups), ("strides", Repeat(2, space)));
    }

    /// <summary>A pooling operator with windows of 2.</summary>
    public static Value Pool(GraphBuilder g, Value x, string type)
    {
        var space = g.Shape(x).Length - 2;
        return g.Op(type, [x], ("kernel_shape", Repeat(2, space)), ("strides", Repeat(2, space)));
    }

    /// <summary>Number of groups other than 1 and all, by choice; 1 when there is none.</summary>
    public static int Groups(GraphBuilder g, Value x, RandomChoice c)
    {
        var channels = g.Channels(x);
        int[] counts = [.. Enumerable.Range(2, Math.Max(0, channels - 2)).Where(n => channels % n == 0 && n < channels)];
        return counts.Length == 0 ? 1 : counts[c.Form % counts.Length];
    }

    /// <summary>Axes of space of a channels-first value.</summary>
    public static long[] Space(GraphBuilder g, Value x) => [.. Enumerable.Range(2, g.Shape(x).Length - 2).Select(a => (long)a)];

    /// <summary>Smallest extent of space.</summary>
    public static long LeastExtent(GraphBuilder g, Value x) => g.Shape(x).Skip(2).Min();

    /// <summary>Largest extent of space.</summary>
    public static long LargestExtent(GraphBuilder g, Value x) => g.Shape(x).Skip(2).DefaultIfEmpty(0).Max();

    /// <summary>A constant for each channel that broadcasts over space.</summary>
    public static Value PerChannel(GraphBuilder g, Value x, float scale) => g.Weight(scale, [g.Channels(x), .. Repeat(1, g.Shape(x).Length - 2)]);

    /// <summary>The same number several times.</summary>
    public static long[] Repeat(long value, int count) => [.. Enumerable.Repeat(value, count)];
}
