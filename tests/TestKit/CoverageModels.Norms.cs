using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

public static partial class CoverageModels
{
    private static Dictionary<string, Func<Model>> Norms() => new(StringComparer.Ordinal)
    {
        ["instance-norm"] = OfImage((g, x) => g.Relu(g.InstanceNorm(g.Conv(x, 6)))),
        ["group-norm-18"] = OfImage((g, x) => g.Op("GroupNormalization", [g.Conv(x, 6), g.Weight(1, 3), g.Weight(1, 3)], ("num_groups", 3), ("epsilon", 1e-2f)), opset: 18),
        ["group-norm-21"] = OfImage((g, x) => g.Op("GroupNormalization", [g.Conv(x, 6), g.Weight(1, 6), g.Weight(1, 6)], ("num_groups", 3), ("epsilon", 1e-2f)), opset: 21),
        ["group-norm-written-out"] = OfImage((g, x) =>
        {
            var flat = g.Op("InstanceNormalization", [g.Reshape(g.Conv(x, 6), 0, 3, -1), g.Constant(Tensor.Of([3], [1f, 1f, 1f])), g.Constant(Tensor.Of([3], [0f, 0f, 0f]))], ("epsilon", 1e-2f));
            return g.Relu(g.Add(g.Mul(g.Reshape(flat, 1, 6, 8, 8), g.Weight(1, 6, 1, 1)), g.Weight(1, 6, 1, 1)));
        }),
        ["layer-norm"] = OfTokens((g, x) => g.LayerNorm(g.Add(x, g.MatMul(g.Relu(g.MatMul(g.LayerNorm(x), 12)), 8)))),
        ["layer-norm-written-out"] = OfTokens((g, x) => WrittenLayerNorm(g, g.Add(x, g.MatMul(g.Relu(g.MatMul(WrittenLayerNorm(g, x), 12)), 8))), opset: 11),
        ["rms-norm-written-out"] = OfTokens((g, x) => WrittenRmsNorm(g, g.Add(x, g.MatMul(g.Relu(g.MatMul(WrittenRmsNorm(g, x), 12)), 8)))),
        ["rms-norm"] = TestModels.RmsNorm,
        ["lrn"] = OfImage((g, x) => g.Op("LRN", [g.Conv(x, 6)], ("size", 3))),
        ["activations"] = OfImage(Activations),
        ["clip-forms"] = OfImage((g, x) => g.Op("Clip", [g.Op("Clip", [g.Op("Clip", [g.Conv(x, 6), g.Scalar(0)]), null, g.Scalar(4)]), g.Scalar(0.1f), g.Scalar(3)])),
        ["runtime-activations"] = OfImage((g, x) =>
        {
            const string domain = "com.microsoft";
            x = g.CustomOp(domain, "Gelu", g.Conv(x, 6));
            x = g.CustomOp(domain, "FastGelu", g.CustomOp(domain, "QuickGelu", g.Conv(x, 5)));
            return g.Unsqueeze(g.Transpose(g.CustomOp(domain, "BiasGelu", g.MatMul(g.ReduceMean(x, false, 2, 3), 7), g.Weight(0.3f, 7))), 0, 3);
        }),
        ["softmax-channels"] = OfImage((g, x) => g.Softmax(g.Conv(g.Relu(g.Conv(x, 6)), 5), 1)),
        ["argmax-head"] = Of(g => g.Op("ArgMax", [g.Conv(g.Relu(g.Conv(g.Input(1, 3, 6, 6), 8)), 4)], ("axis", 1))),
        ["log-softmax-head"] = Of(g => g.Op("LogSoftmax", [g.Gemm(g.Relu(g.Gemm(g.Input(1, 6), 8)), 4)], ("axis", -1))),
        ["top-k"] = Of(g => g.Ops("TopK", 2, [g.Gemm(g.Flatten(g.Relu(g.Conv(g.Input(1, 3, 4, 4), 8))), 6), g.Ints(3)])[0]),
        ["gather-elements"] = OfImage((g, x) =>
        {
            var columns = g.Reshape(g.Conv(x, 6), 1, 6, 64);
            var places = g.Constant(Tensor.Of([1, 6, 4], [.. Enumerable.Range(0, 24).Select(i => (long)(i * 7 % 64))]));
            return g.Unsqueeze(g.Op("GatherElements", [columns, places], ("axis", 2)), 3);
        }),
    };

    private static Value WrittenLayerNorm(GraphBuilder g, Value x)
    {
        var centred = g.Op("Sub", [x, g.ReduceMean(x, true, -1)]);
        var variance = g.ReduceMean(g.Op("Pow", [centred, g.Scalar(2)]), true, -1);
        var normal = g.Op("Div", [centred, g.Op("Sqrt", [g.Add(variance, g.Scalar(1e-2f))])]);
        return g.Add(g.Mul(normal, g.Constant(g.RandomTensor(0.5f, 1.5f, g.Shape(x)[^1]))), g.Weight(0.5f, g.Shape(x)[^1]));
    }

    private static Value WrittenRmsNorm(GraphBuilder g, Value x)
    {
        var square = g.ReduceMean(g.Op("Pow", [x, g.Scalar(2)]), true, -1);
        var root = g.Op("Reciprocal", [g.Op("Sqrt", [g.Add(square, g.Scalar(1e-2f))])]);
        return g.Mul(g.Constant(g.RandomTensor(0.5f, 1.5f, g.Shape(x)[^1])), g.Mul(x, root));
    }

    // Diamonds of a value with a function of itself.
    private static Value Activations(GraphBuilder g, Value x)
    {
        x = g.Op("PRelu", [g.Conv(x, 6), g.Weight(0.3f, 6, 1, 1)]);
        x = g.Op("PRelu", [g.Conv(x, 6), g.Weight(0.3f, 1)]);
        x = g.Conv(g.Mul(x, g.Sigmoid(x)), 6);
        x = g.Conv(g.Mul(x, g.Op("HardSigmoid", [x], ("alpha", 1f / 6))), 6);
        x = g.Conv(g.Mul(x, g.Op("Tanh", [g.Op("Softplus", [x])])), 6);
        var erf = g.Op("Erf", [g.Op("Div", [x, g.Scalar(MathF.Sqrt(2))])]);
        return g.Mul(g.Mul(x, g.Add(erf, g.Scalar(1))), g.Scalar(0.5f));
    }
}
