using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>The steps that random models are made of.</summary>
internal static class RandomSteps
{
    /// <summary>Common steps on images, and on the vectors that follow.</summary>
    public static IReadOnlyList<RandomStep> PlainOf(RandomLayout layout) => layout == RandomLayout.Image ? OfImages : OfVectors;

    /// <summary>All steps of a layout.</summary>
    public static IReadOnlyList<RandomStep> AllOf(RandomLayout layout) => layout switch
    {
        RandomLayout.Vector => [.. OfVectors, .. RandomPlaneSteps.OfVectors, .. RandomChannelSteps.Any, .. RandomTokenSteps.Sources],
        RandomLayout.Signal => [.. RandomPlaneSteps.OfSignals, .. RandomSpaceSteps.Any, .. RandomChannelSteps.Any],
        RandomLayout.Volume => [.. RandomPlaneSteps.OfVolumes, .. RandomSpaceSteps.Any, .. RandomChannelSteps.Any],
        RandomLayout.Tokens => [.. RandomTokenSteps.All, .. RandomTokenSteps.Sources],
        _ => [.. OfImages, .. RandomPlaneSteps.OfImages, .. RandomSpaceSteps.Any, .. RandomChannelSteps.Any, .. RandomTokenSteps.Sources],
    };

    private static readonly string[] Activations = ["Relu", "Sigmoid", "Tanh", "HardSwish", "HardSigmoid", "LeakyRelu", "Elu", "Softplus", "Abs", "Neg", "Erf"];

    private static readonly string[] Pairs = ["Add", "Sub", "Mul", "Min", "Max", "Mean"];

    /// <summary>Steps on [N, C, H, W].</summary>
    public static IReadOnlyList<RandomStep> OfImages { get; } =
    [
        new("Conv", (g, x, c) => [g.Conv(x, 2 + (c.Amount % 7), c.Flag ? 3 : 1, bias: c.Amount % 2 == 0)]),
        new("ConvBnRelu", (g, x, c) => [g.Relu(g.BatchNorm(g.Conv(x, 2 + (c.Amount % 7), 3, bias: c.Flag)))]),
        new("StridedConv", (g, x, c) => Side(g, x) >= 4 ? [g.Conv(x, 2 + (c.Amount % 7), 3, stride: 2)] : []),
        new("GroupedConv", (g, x, c) => g.Channels(x) % 2 == 0 ? [g.Conv(x, 4 + (2 * (c.Amount % 3)), c.Flag ? 3 : 1, groups: 2)] : []),
        new("Depthwise", (g, x, c) => [g.Depthwise(x, Multiplier(g, x, c))]),
        new("BatchNorm", (g, x, _) => [g.BatchNorm(x)]),
        new("InstanceNorm", (g, x, _) => Side(g, x) >= 2 ? [g.InstanceNorm(x)] : []),
        new("Activation", (g, x, c) => Activation(g, x, c)),
        new("Clip", (g, x, _) => [g.Relu6(x)]),
        new("PRelu", (g, x, c) => [g.Op("PRelu", [x, g.Weight(0.3f, c.Flag ? g.Channels(x) : 1, 1, 1)])]),
        new("Pair", Pair),
        new("Residual", (g, x, c) => [g.Relu(g.Add(x, g.BatchNorm(g.Conv(x, g.Channels(x), c.Flag ? 3 : 1))))]),
        new("Gate", (g, x, c) => [g.SqueezeExcite(x, 1 + (c.Amount % 4))]),
        new("Constant", (g, x, c) => [g.Op(c.Flag ? "Mul" : "Add", [x, g.Weight(1, c.Amount % 2 == 0 ? g.Channels(x) : 1, 1, 1)])]),
        new("Concat", (g, x, c) => Side(g, x) == Side(g, c.Partner) && g.Channels(x) + g.Channels(c.Partner) <= 16 ? [g.Concat(1, x, c.Partner)] : []),
        new("ConcatSpace", (g, x, c) => g.Shape(x).SequenceEqual(g.Shape(c.Partner)) && Side(g, x) <= 3 ? [g.Slice(g.Concat(2, x, c.Partner), 2, 0, Side(g, x))] : []),
        new("Split", Split),
        new("EvenSplit", (g, x, _) => g.Channels(x) % 2 == 0 ? g.Ops("Split", 2, [x], ("axis", 1)) : []) { Until = 17 },
        new("Slice", (g, x, c) => g.Channels(x) >= 3 ? [g.Slice(x, 1, c.Flag ? 1 : -g.Channels(x), c.Amount % 2 == 0 ? long.MaxValue : -1)] : []),
        new("Gather", (g, x, c) => [g.Gather(x, 1, [.. Enumerable.Range(0, g.Channels(x)).Select(i => (long)((i * 5) + c.Amount) % g.Channels(x))])]),
        new("Shuffle", (g, x, _) => g.Channels(x) % 2 == 0 ? [Shuffle(g, x)] : []),
        new("Pad", (g, x, c) => g.Channels(x) <= 10 ? [g.Pad(x, 0, c.Amount % 3, 0, 0, 0, c.Flag ? 2 : 0, 0, 0)] : []),
        new("Pool", (g, x, c) => Side(g, x) >= 4 ? [c.Flag ? g.MaxPool(x) : g.AveragePool(x)] : []),
        new("ConvTranspose", (g, x, c) => Side(g, x) <= 3 ? [g.ConvTranspose(x, 2 + (c.Amount % 4))] : []),
        new("Upscale", (g, x, _) => Side(g, x) <= 3 ? [g.Upscale(x)] : []) { Since = 13 },
        new("DepthToSpace", (g, x, c) => Side(g, x) <= 3 && g.Channels(x) % 4 == 0 ? [g.Op("DepthToSpace", [x], ("blocksize", 2), ("mode", c.Flag ? "CRD" : "DCR"))] : []) { Since = 11 },
        new("SpaceToDepth", (g, x, _) => Side(g, x) % 2 == 0 && g.Channels(x) <= 4 ? [g.Op("SpaceToDepth", [x], ("blocksize", 2))] : []),
        new("NhwcMatMul", (g, x, c) => [g.Transpose(g.MatMul(g.Transpose(x, 0, 2, 3, 1), 2 + (c.Amount % 6)), 0, 3, 1, 2)]),
        new("ChannelAttention", (g, x, _) => [g.Mul(x, g.Sigmoid(g.ReduceMean(x, true, 1)))]),
        new("SpaceMean", (g, x, _) => [g.Mul(x, g.ReduceMean(x, true, 2, 3))]),
        new("Softmax", (g, x, c) => [g.Softmax(x, c.Flag ? 1 : -1)]),
        new("Lrn", (g, x, _) => [g.Op("LRN", [x], ("size", 3))]),
        new("Tile", (g, x, _) => g.Channels(x) <= 5 ? [g.Op("Tile", [x, g.Ints(1, 2, 1, 1)])] : []),
        new("SelfAttention", (g, x, _) => [SelfAttention(g, x)]),
        new("Flatten", (g, x, c) => [g.Relu(g.Gemm(c.Flag ? g.Flatten(x) : g.Reshape(x, 0, -1), 2 + (c.Amount % 6), c.Amount % 2 == 0))]),
        new("NhwcFlatten", (g, x, c) => [g.Gemm(g.Flatten(g.Transpose(x, 0, 2, 3, 1)), 2 + (c.Amount % 6))]),
        new("ToVector", (g, x, c) => [c.Flag ? g.Squeeze(g.GlobalAveragePool(x), 2, 3) : g.ReduceMean(x, false, 2, 3)]),
    ];

    /// <summary>Steps on [N, C].</summary>
    public static IReadOnlyList<RandomStep> OfVectors { get; } =
    [
        new("Gemm", (g, x, c) => [g.Gemm(x, 2 + (c.Amount % 7), c.Flag)]),
        new("MatMulAdd", (g, x, c) => [Bias(g, g.MatMul(x, 2 + (c.Amount % 7)), c.Flag)]),
        new("LeftMatMul", (g, x, c) => [LeftMatMul(g, x, 2 + (c.Amount % 5))]),
        new("Activation", (g, x, c) => Activation(g, x, c)),
        new("BatchNorm", (g, x, _) => [g.BatchNorm(x)]),
        new("Pair", Pair),
        new("Concat", (g, x, c) => g.Channels(x) + g.Channels(c.Partner) <= 16 ? [g.Concat(-1, x, c.Partner)] : []),
        new("Split", Split),
        new("Slice", (g, x, c) => g.Channels(x) >= 3 ? [g.Slice(x, -1, c.Flag ? 1 : 0, c.Amount % 2 == 0 ? g.Channels(x) : -1)] : []),
        new("Reshaped", (g, x, _) => g.Channels(x) % 2 == 0 ? [g.Reshape(g.Relu(g.Reshape(x, 0, 2, -1)), 0, g.Channels(x))] : []),
        new("Unsqueezed", (g, x, _) => [g.Squeeze(g.Sigmoid(g.Unsqueeze(x, -1, 1)), 1, -1)]) { Since = 11 },
        new("ToImage", (g, x, c) => [g.Conv(g.Unsqueeze(x, 2, 3), 2 + (c.Amount % 5), 1)]),
        new("Expand", (g, x, _) => [g.Op("Expand", [g.Unsqueeze(x, 2, 3), g.Ints(1, 1, 2, 2)])]),
        new("LayerNorm", (g, x, _) => [g.LayerNorm(x)]) { Since = 17 },
        new("Softmax", (g, x, _) => [g.Softmax(x, 1)]),
    ];

    // HardSwish came with operator set 14.
    private static IEnumerable<Value> Activation(GraphBuilder g, Value x, RandomChoice c) =>
        Activations[c.Amount % Activations.Length] is var type && (type != "HardSwish" || g.Opset >= 14) ? [g.Op(type, [x])] : [];

    private static int Side(GraphBuilder g, Value x) => (int)g.Shape(x)[2];

    private static int Multiplier(GraphBuilder g, Value x, RandomChoice c) => c.Flag && g.Channels(x) is > 1 and <= 6 ? 2 : 1;

    private static IEnumerable<Value> Pair(GraphBuilder g, Value x, RandomChoice c)
    {
        if (!g.Shape(x).Skip(2).SequenceEqual(g.Shape(c.Partner).Skip(2)))
        {
            return [];
        }

        var other = c.Partner;
        if (g.Channels(x) != g.Channels(other))
        {
            other = g.Shape(x).Length == 4 ? g.Conv(other, g.Channels(x), 1) : g.Gemm(other, g.Channels(x));
        }

        return [g.Op(Pairs[c.Amount % Pairs.Length], [x, other])];
    }

    private static IReadOnlyList<Value> Split(GraphBuilder g, Value x, RandomChoice c)
    {
        var channels = g.Channels(x);
        var first = 1 + (c.Amount % Math.Max(1, channels - 1));
        return channels >= 2 ? g.Split(x, 1, first, channels - first) : [];
    }

    private static Value Shuffle(GraphBuilder g, Value x)
    {
        var (half, side) = (g.Channels(x) / 2, Side(g, x));
        return g.Reshape(g.Transpose(g.Reshape(x, 0, 2, half, side, side), 0, 2, 1, 3, 4), 0, -1, side, side);
    }

    private static Value SelfAttention(GraphBuilder g, Value x)
    {
        var side = Side(g, x);
        var rows = g.Reshape(x, 0, 0, -1);
        var scores = g.Softmax(g.MatMul(g.Transpose(rows, 0, 2, 1), rows), -1);
        return g.Reshape(g.MatMul(rows, g.Transpose(scores, 0, 2, 1)), 0, g.Channels(x), side, side);
    }

    private static Value Bias(GraphBuilder g, Value x, bool left)
    {
        var bias = g.Weight(0.3f, g.Channels(x));
        return left ? g.Add(bias, x) : g.Add(x, bias);
    }

    // W X' with the constant on the left, back to [N, units].
    private static Value LeftMatMul(GraphBuilder g, Value x, int units) =>
        g.Transpose(g.MatMul(g.Weight(0.5f, units, g.Channels(x)), g.Transpose(x)));
}
