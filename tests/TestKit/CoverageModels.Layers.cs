using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Layers() => new(StringComparer.Ordinal)
    {
        ["conv-bn"] = OfImage((g, x) => g.Relu(g.BatchNorm(g.BatchNorm(g.Relu(g.BatchNorm(g.Conv(x, 6, bias: false))))))),
        ["conv-bn-opset7"] = OfImage((g, x) => g.Relu(g.BatchNorm(g.Conv(x, 6))), opset: 7),
        ["flatten"] = Of(Flattened),
        ["flatten-computed"] = TestModels.ComputedShapes,
        ["pooled-matmul"] = Of(PooledMatMul),
        ["inverted-residual"] = TestModels.DepthwiseSeparable,
        ["relu6-attributes"] = OfImage((g, x) => g.Relu6(g.Depthwise(g.Relu6(g.Conv(x, 6, kernel: 1)), multiplier: 2)), opset: 9),
        ["grouped-single-outputs"] = OfImage((g, x) => g.Conv(g.Relu(g.Conv(g.Conv(x, 12), 4, groups: 4)), 5)),
        ["grouped"] = TestModels.GroupedConv,
        ["grouped-uneven"] = OfImage((g, x) => g.Relu(g.Conv(g.Relu(g.Conv(g.Relu(g.Conv(x, 12)), 12, groups: 3)), 8, groups: 2))),
        ["grouped-32"] = OfImage((g, x) => g.Relu(g.Conv(g.Relu(g.Conv(g.Relu(g.Conv(x, 64, kernel: 1)), 64, groups: 32)), 8, kernel: 1))),
        ["transposed"] = OfImage((g, x) => g.ConvTranspose(g.Relu(g.ConvTranspose(x, 6)), 4), side: 4),
        ["transposed-grouped"] = OfImage((g, x) => g.Relu(g.ConvTranspose(g.Relu(g.ConvTranspose(x, 12, groups: 2)), 6, groups: 2)), side: 4),
        ["transposed-depthwise"] = OfImage((g, x) => g.Relu(g.ConvTranspose(g.Relu(g.ConvTranspose(x, 16, groups: 8)), 16, groups: 16)), side: 4),
        ["decoder-view"] = Of(g =>
        {
            var x = g.Reshape(g.Relu(g.Gemm(g.Input(1, 10), 128)), 1, 8, 4, 4);
            return g.Op("Tanh", [g.ConvTranspose(g.Relu(g.BatchNorm(g.ConvTranspose(x, 6))), 3)]);
        }),
        ["conv1d"] = Of(g => g.Gemm(g.Flatten(g.Relu(ConvOver(g, g.Relu(ConvOver(g, g.Input(1, 3, 8), 8)), 6))), 3)),
        ["conv3d"] = Of(g =>
        {
            var x = g.Op("LeakyRelu", [g.InstanceNorm(ConvOver(g, g.Input(1, 2, 4, 4, 4), 8))], ("alpha", 0.1f));
            var low = g.Relu(ConvOver(g, g.Op("MaxPool", [x], ("kernel_shape", new long[] { 2, 2, 2 }), ("strides", new long[] { 2, 2, 2 })), 6));
            var up = g.Op("ConvTranspose", [low, g.Weight(0.3f, 6, 5, 2, 2, 2)], ("strides", new long[] { 2, 2, 2 }));
            return ConvOver(g, g.Concat(1, x, up), 2, kernel: 1);
        }),
        ["single-channel"] = OfImage((g, x) => g.Conv(g.Sigmoid(g.Conv(g.Conv(x, 1, kernel: 1), 7, kernel: 3)), 1)),
    };

    private static Value Flattened(GraphBuilder g)
    {
        var x = g.MaxPool(g.Relu(g.Conv(g.Input(1, 1, 8, 8), 4)));
        var a = g.Op("Gemm", [g.Flatten(x), g.Weight(0.2f, 6, 64), g.Weight(0.3f, 1, 6)], ("transB", 1), ("alpha", 0.5f), ("beta", 2f));
        var b = g.Op("Gemm", [g.Reshape(x, 0, -1), g.Weight(0.2f, 64, 6), g.Scalar(0.1f)], ("alpha", 2f));
        var c = g.Gemm(g.Reshape(x, 1, -1), 6);
        var d = g.Gemm(g.Reshape(x, -1, 64), 6);
        var rows = g.Op("Gather", [g.Op("Shape", [x]), g.Constant(Tensor.Of([], [0L]))], ("axis", 0));
        var e = g.Op("Gemm", [g.Op("Reshape", [x, g.Concat(0, g.Unsqueeze(rows, 0), g.Ints(-1))]), g.Weight(0.2f, 64, 6)]);
        return g.Op("Gemm", [g.Relu(g.Op("Sum", [a, b, c, d, e])), g.Weight(0.4f, 6, 3)]);
    }

    private static Value PooledMatMul(GraphBuilder g)
    {
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 8));
        var pooled = g.GlobalAveragePool(x);
        var sum = g.Add(g.MatMul(g.Flatten(pooled), 6), g.MatMul(g.Squeeze(pooled, 2, 3), 6));
        sum = g.Add(g.Add(sum, g.MatMul(g.ReduceMean(x, false, 2, 3), 6)), g.Weight(0.2f, 6));
        return g.Add(g.MatMul(g.Relu(sum), 3), g.Weight(0.2f, 3));
    }
}
