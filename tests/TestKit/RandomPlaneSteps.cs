using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Steps of one layout alone: images, signals, volumes and vectors.</summary>
internal static class RandomPlaneSteps
{
    public static IReadOnlyList<RandomStep> OfImages { get; } =
    [
        new("SpaceToDepth", (g, x, _) => Side(g, x) % 2 == 0 && g.Shape(x)[3] % 2 == 0 && g.Channels(x) <= 4 ? [g.Op("SpaceToDepth", [x], ("blocksize", 2))] : []),
        new("PixelShuffle", (g, x, c) => Side(g, x) <= 3 && g.Shape(x)[3] <= 3 ? [g.Op("DepthToSpace", [g.Conv(x, 4 * (1 + (c.Amount % 3)), 1)], [("blocksize", 2), .. Mode(g, c)])] : []),
        new("Upsample", (g, x, _) => Side(g, x) <= 6 ? [g.Op("Upsample", [x, g.Constant(Tensor.Of([4], [1f, 1f, 2f, 1f]), "scales")], ("mode", "nearest"))] : []) { Since = 9, Until = 9 },
        new("ResizeToSizes", (g, x, c) => g.Shape(x)[0] > 0 && Side(g, x) <= 4 ? [Resize(g, x, c.Flag)] : []) { Since = 13 },
        new("Lrn", (g, x, _) => [g.Op("LRN", [x], ("size", 3))]),
        new("ToVolume", (g, x, _) => [g.Unsqueeze(x, 2)]) { To = RandomLayout.Volume },
        new("FlatLast", (g, x, c) => [g.Gemm(g.Flatten(g.Transpose(x, 0, 2, 3, 1)), 2 + (c.Amount % 6))]) { To = RandomLayout.Vector },
        new("MeanOfRows", (g, x, c) => [g.Reduce(c.Pick("ReduceMean", "ReduceMax"), x, false, 3)]) { To = RandomLayout.Signal },
        new("Windows", (g, x, c) => Side(g, x) % 2 == 0 && g.Shape(x)[3] % 2 == 0 ? [Windows(g, x, c)] : []),
    ];

    public static IReadOnlyList<RandomStep> OfSignals { get; } =
    [
        new("ToTokens", (g, x, _) => [g.Transpose(x, 0, 2, 1)]) { To = RandomLayout.Tokens },
        new("ToImage", (g, x, c) => [g.Unsqueeze(x, c.Flag ? 2 : 3)]) { To = RandomLayout.Image },
        new("LinearOverTime", (g, x, c) => [g.MatMul(x, (int)g.Shape(x)[2])]),
        new("GatedConv", Gated),
    ];

    public static IReadOnlyList<RandomStep> OfVolumes { get; } =
    [
        new("MeanOfDepth", (g, x, c) => [c.Flag ? g.Squeeze(g.Slice(x, 2, 0, 1), 2) : g.ReduceMean(x, false, 2)]) { To = RandomLayout.Image },
        new("DepthToChannels", (g, x, _) => g.Channels(x) * g.Shape(x)[2] <= 24 ? [g.Reshape(x, 0, g.Channels(x) * g.Shape(x)[2], g.Shape(x)[3], g.Shape(x)[4])] : []) { To = RandomLayout.Image },
    ];

    public static IReadOnlyList<RandomStep> OfVectors { get; } =
    [
        new("GemmForms", GemmForms),
        new("Hidden", (g, x, c) => [g.Relu(g.Gemm(x, 3 + (c.Amount % 8), c.Flag))]),
        new("ResidualGemm", (g, x, c) => [g.Add(x, g.Gemm(g.Relu(g.Gemm(x, 2 + (c.Amount % 6))), g.Channels(x)))]),
        new("Einsum", (g, x, c) => [g.OpOfShape("Einsum", [g.Shape(x)[0], 2 + (c.Amount % 5)], [x, g.Weight(0.5f, 2 + (c.Amount % 5), g.Channels(x))], ("equation", "nc,kc->nk"))]) { Since = 12 },
        new("ToTokens", (g, x, c) => g.Channels(x) % 2 == 0 ? [g.Reshape(x, 0, c.Flag ? 2 : -1, c.Flag ? -1 : 2)] : []) { To = RandomLayout.Tokens },
        new("ToSignal", (g, x, _) => [g.Unsqueeze(x, 2)]) { To = RandomLayout.Signal },
        new("Decoder", Decoder) { To = RandomLayout.Image },
        new("SecondVector", (g, x, c) => [c.Flag ? g.Add(x, g.Gemm(c.NewInput(ElementType.Float32, [3]), g.Channels(x))) : g.Concat(1, g.Gemm(c.NewInput(ElementType.Float32, [3]), 3), x)]),
        new("Experts", (g, x, c) => [g.Mul(g.Gemm(x, 4), g.Softmax(g.Gemm(x, 4), 1))]),
        new("SharedGemm", SharedGemm),
    ];

    private static int Side(GraphBuilder g, Value x) => (int)g.Shape(x)[2];

    private static (string, object)[] Mode(GraphBuilder g, RandomChoice c) => g.Opset >= 11 ? [("mode", c.Flag ? "CRD" : "DCR")] : [];

    private static Value Resize(GraphBuilder g, Value x, bool linear)
    {
        var scales = g.Constant(Tensor.Of([4], [1f, 1f, 2f, 1f]), "scales");
        return g.Op("Resize", [x, null, scales], ("mode", linear ? "linear" : "nearest"));
    }

    // Windows of 2 by 2, as in hierarchical transformers: the plane is cut into windows, a layer works on each, and back.
    private static Value Windows(GraphBuilder g, Value x, RandomChoice c)
    {
        var (channels, rows, columns, units) = (g.Channels(x), Side(g, x) / 2, (int)g.Shape(x)[3] / 2, 2 + (c.Amount % 4));
        var cut = g.Transpose(g.Reshape(x, 0, channels, rows, 2, columns, 2), 0, 2, 4, 3, 5, 1);
        var layer = g.MatMul(g.Reshape(cut, -1, 4, channels), units);
        var open = g.Transpose(g.Reshape(layer, -1, rows, columns, 2, 2, units), 0, 5, 1, 3, 2, 4);
        return g.Reshape(open, -1, units, 2 * rows, 2 * columns);
    }

    private static IEnumerable<Value> Gated(GraphBuilder g, Value x, RandomChoice c)
    {
        var width = 2 + (c.Amount % 4);
        var parts = g.Split(RandomLayers.Conv(g, x, 2 * width, 3), 1, width, width);
        return [g.Mul(g.Op("Tanh", [parts[0]]), g.Sigmoid(parts[1]))];
    }

    private static IEnumerable<Value> GemmForms(GraphBuilder g, Value x, RandomChoice c)
    {
        var (units, inputs) = (2 + (c.Amount % 6), g.Channels(x));
        var left = c.Form % 2 == 1;
        var data = left ? g.Transpose(x) : x;
        var weight = c.Flag ? g.Weight(0.5f, units, inputs) : g.Weight(0.5f, inputs, units);
        Value? bias = (c.Form / 2 % 4) switch { 0 => g.Weight(0.3f, units), 1 => g.Weight(0.3f, 1), 2 => g.Weight(0.3f, 1, units), _ => g.Opset >= 11 ? null : g.Scalar(0.1f) };
        return [g.Op("Gemm", bias is null ? [data, weight] : [data, weight, bias], ("transA", left ? 1 : 0), ("transB", c.Flag ? 1 : 0), ("alpha", 0.75f), ("beta", c.Form / 8 % 2 == 0 ? 1f : 0.5f))];
    }

    private static IEnumerable<Value> Decoder(GraphBuilder g, Value x, RandomChoice c)
    {
        var channels = 2 + (c.Amount % 4);
        return [g.ConvTranspose(g.Relu(g.Reshape(g.Gemm(x, channels * 4), c.Flag ? 0 : -1, channels, 2, 2)), 3)];
    }

    private static IEnumerable<Value> SharedGemm(GraphBuilder g, Value x, RandomChoice c)
    {
        var weight = g.Weight(0.5f, 4, g.Channels(x));
        return [g.Op("Mul", [g.Op("Gemm", [x, weight, g.Weight(0.3f, 4)], ("transB", 1)), g.MatMul(g.Sigmoid(x), g.Transpose(weight))])];
    }
}
