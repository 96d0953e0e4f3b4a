using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Steps on values with channels and one, two or three axes of space.</summary>
internal static class RandomSpaceSteps
{
    public static IReadOnlyList<RandomStep> Any { get; } =
    [
        new("ConvN", (g, x, c) => [RandomLayers.Conv(g, x, 2 + (c.Amount % 7), c.Flag ? 3 : 1)]),
        new("ConvNRelu", (g, x, c) => [g.Relu(RandomLayers.Conv(g, x, 2 + (c.Amount % 7), 3))]),
        new("DilatedConv", (g, x, c) => [RandomLayers.Conv(g, x, 2 + (c.Amount % 5), 3, dilation: 2)]),
        new("AutoPaddedConv", (g, x, c) => RandomLayers.LeastExtent(g, x) >= 3 ? [RandomLayers.StridedConv(g, x, 2 + (c.Amount % 6))] : []),
        new("DepthwiseN", (g, x, c) => g.Channels(x) is > 1 and <= 8 ? [RandomLayers.Conv(g, x, g.Channels(x) * (c.Flag ? 2 : 1), 3, g.Channels(x))] : []),
        new("ConvTransposeN", (g, x, c) => RandomLayers.LargestExtent(g, x) <= 3 ? [RandomLayers.ConvTranspose(g, x, 2 + (c.Amount % 4))] : []),
        new("GroupedConvTranspose", (g, x, c) => RandomLayers.LargestExtent(g, x) <= 3 && RandomLayers.Groups(g, x, c) is > 1 and var n ? [RandomLayers.ConvTranspose(g, x, n * (1 + (c.Amount % 2)), n)] : []),
        new("ResidualN", (g, x, c) => [g.Relu(g.Add(RandomLayers.Conv(g, g.Relu(RandomLayers.Conv(g, x, 2 + (c.Amount % 5), 3)), g.Channels(x), 1), x))]),
        new("SharedConv", SharedConv),
        new("GateN", GateN),
        new("PoolN", (g, x, c) => RandomLayers.LeastExtent(g, x) >= 2 && RandomLayers.LargestExtent(g, x) >= 4 ? [RandomLayers.Pool(g, x, c.Pick("MaxPool", "AveragePool", "LpPool"))] : []),
        new("PoolWithPlaces", (g, x, _) => RandomLayers.LeastExtent(g, x) >= 2 && g.Shape(x).Length == 4 ? [g.Ops("MaxPool", 2, [x], ("kernel_shape", new long[] { 2, 2 }))[0]] : []) { Since = 8 },
        new("OverSpace", (g, x, c) => [g.Mul(x, g.Sigmoid(RandomChannelSteps.Reduce(g, x, c.Form, RandomLayers.Space(g, x))))]),
        new("GlobalPool", (g, x, c) => [g.Mul(x, g.Sigmoid(g.Op(c.Pick("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"), [x])))]),
        new("InstanceNormN", (g, x, _) => Tensor.Elements(g.Shape(x).AsSpan(2)) >= 4 ? [g.InstanceNorm(x)] : []),
        new("MeanVariance", (g, x, _) => Tensor.Elements(g.Shape(x).AsSpan(2)) >= 4 ? [MeanVariance(g, x)] : []) { Since = 9 },
        new("GroupNorm", GroupNorm) { Since = 21 },
        new("GroupNormInParts", GroupNormInParts),
        new("ReflectPad", (g, x, _) => RandomLayers.LeastExtent(g, x) >= 3 && RandomLayers.LargestExtent(g, x) <= 4 && g.Shape(x).Length == 4 ? [Crop(g, ReflectPad(g, x))] : []),
        new("ChannelsLast", ChannelsLast),
        new("ChannelsLastNorm", (g, x, _) => Moved(g, x, g.LayerNorm)) { Since = 17 },
        new("SecondInput", SecondInput),
        new("GlobalVector", (g, x, c) => [c.Flag ? g.Flatten(g.GlobalAveragePool(x)) : g.Reduce("ReduceMax", x, false, RandomLayers.Space(g, x))]) { To = RandomLayout.Vector },
        new("FlatLayer", (g, x, c) => [g.Gemm(c.Flag ? g.Flatten(x) : g.Op("Flatten", [x], ("axis", 1)), 2 + (c.Amount % 6))]) { To = RandomLayout.Vector },
        new("ToTokens", (g, x, _) => [g.Transpose(g.Reshape(x, 0, g.Channels(x), -1), 0, 2, 1)]) { To = RandomLayout.Tokens },
        new("ToSignal", (g, x, c) => [g.Reshape(x, 0, c.Flag ? 0 : g.Channels(x), -1)]) { To = RandomLayout.Signal },
        new("MergedBatch", (g, x, _) => [g.Reshape(g.Relu(g.Op("Flatten", [x], ("axis", 2))), [-1, g.Channels(x), .. g.Shape(x)[2..]])]),
    ];

    private static IEnumerable<Value> SharedConv(GraphBuilder g, Value x, RandomChoice c)
    {
        var space = g.Shape(x).Length - 2;
        var (weight, bias) = (g.Weight(0.3f, [g.Channels(x), g.Channels(x), .. RandomLayers.Repeat(1, space)]), g.Weight(0.3f, g.Channels(x)));
        var once = g.Relu(g.Op("Conv", [x, weight, bias]));
        return c.Flag ? [g.Op("Conv", [once, weight, bias])] : [g.Add(once, g.Op("Conv", [g.Sigmoid(x), weight]))];
    }

    // A gate by fully connected layers, reshaped to broadcast over space.
    private static IEnumerable<Value> GateN(GraphBuilder g, Value x, RandomChoice c)
    {
        var space = RandomLayers.Space(g, x);
        var hidden = g.Relu(g.Gemm(g.ReduceMean(x, false, space), 1 + (c.Amount % 4)));
        var gate = g.Sigmoid(g.Gemm(hidden, g.Channels(x), c.Flag));
        return [g.Mul(x, c.Form % 2 == 0 ? g.Unsqueeze(gate, space) : g.Reshape(gate, [0, -1, .. RandomLayers.Repeat(1, space.Length)]))];
    }

    // What varies over space for certain: the variance would otherwise be rounding.
    private static Value MeanVariance(GraphBuilder g, Value x) =>
        g.Op("MeanVarianceNormalization", [g.Add(x, g.Weight(1, [1, .. g.Shape(x).Skip(2)]))], ("axes", (long[])[0, .. RandomLayers.Space(g, x)]));

    private static IEnumerable<Value> GroupNorm(GraphBuilder g, Value x, RandomChoice c)
    {
        var groups = RandomLayers.Groups(g, x, c);
        return [g.Op("GroupNormalization", [x, g.Constant(g.RandomTensor(0.5f, 1.5f, g.Channels(x)), "gamma"), g.Weight(0.5f, g.Channels(x))], ("num_groups", groups), ("epsilon", 1e-2f))];
    }

    private static IEnumerable<Value> GroupNormInParts(GraphBuilder g, Value x, RandomChoice c)
    {
        var groups = RandomLayers.Groups(g, x, c);
        if (groups == 1)
        {
            return [];
        }

        var normal = g.InstanceNorm(g.Reshape(x, 0, groups, -1));
        var back = g.Reshape(normal, [0, g.Channels(x), .. g.Shape(x)[2..]]);
        return [g.Add(g.Mul(back, RandomLayers.PerChannel(g, x, 1)), RandomLayers.PerChannel(g, x, 0.3f))];
    }

    private static Value ReflectPad(GraphBuilder g, Value x)
    {
        long[] pads = [0, 0, 1, 1, 0, 0, 1, 1];
        return g.Opset >= 11 ? g.Op("Pad", [x, g.Ints(pads)], ("mode", "reflect")) : g.Op("Pad", [x], ("pads", pads), ("mode", "reflect"));
    }

    private static Value Crop(GraphBuilder g, Value x) => g.Slice(g.Slice(x, 2, 1, -1), 3, 1, -1);

    private static IEnumerable<Value> ChannelsLast(GraphBuilder g, Value x, RandomChoice c) =>
        Moved(g, x, last => c.Flag ? g.Add(g.MatMul(last, 2 + (c.Amount % 5)), g.Weight(0.3f, 2 + (c.Amount % 5))) : g.MatMul(last, 2 + (c.Amount % 5)));

    private static IEnumerable<Value> Moved(GraphBuilder g, Value x, Func<Value, Value> apply)
    {
        var rank = g.Shape(x).Length;
        var last = apply(g.Transpose(x, [0, .. RandomLayers.Space(g, x), 1]));
        return [g.Transpose(last, [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(a => (long)a)])];
    }

    private static IEnumerable<Value> SecondInput(GraphBuilder g, Value x, RandomChoice c)
    {
        var layer = RandomLayers.Conv(g, c.NewInput(ElementType.Float32, [2, .. g.Shape(x)[2..]]), c.Flag ? g.Channels(x) : 3, 3);
        return c.Flag ? [g.Add(x, layer)] : g.Channels(x) <= 12 ? [g.Concat(1, layer, x)] : [layer];
    }
}
