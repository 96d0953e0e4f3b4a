using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Operators that no other fixture shows, on one image each, summed up at the end.</summary>
internal static class OperatorZooModel
{
    private static readonly string[] Unary =
    [
        "Elu", "Selu", "Celu", "Softplus", "Softsign", "Erf", "Mish", "ThresholdedRelu", "Abs", "Neg", "Floor", "Ceil", "Round", "Sign",
        "Sin", "Cos", "Tan", "Atan", "Sinh", "Cosh", "Asinh", "Shrink", "Identity", "Dropout", "Exp",
    ];

    public static Model Make()
    {
        // Operator set 20 is the first with Gelu; Mish came with 18.
        GraphBuilder g = new(20, opset: 20);
        var x = g.Sigmoid(g.Conv(g.Input(1, 3, 4, 4), 6));
        List<Value> parts = [.. Unary.Select(type => g.Op(type, [x])), g.Op("Gelu", [x])];
        foreach (var type in new[] { "Log", "Sqrt", "Reciprocal", "Asin", "Acos", "Atanh" })
        {
            parts.Add(g.Op(type, [g.Add(g.Mul(x, g.Scalar(0.4f)), g.Scalar(0.3f))]));
        }

        parts.Add(g.Op("Acosh", [g.Add(x, g.Scalar(1.5f))]));
        Elementwise(g, x, parts);
        Normalizations(g, x, parts);
        Reductions(g, x, parts);
        Windows(g, x, parts);
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(g.Op("Sum", parts), 5))), 3));
        return g.Build();
    }

    private static void Elementwise(GraphBuilder g, Value x, List<Value> parts)
    {
        var other = g.Sigmoid(g.Conv(x, 6));
        parts.AddRange(new[] { "Pow", "Min", "Max", "Mean", "Sub", "Div" }.Select(type => g.Op(type, [x, other])));
        parts.Add(g.Op("Mod", [x, g.Constant(g.RandomTensor(0.5f, 1, 6, 1, 1))], ("fmod", 1)));
        parts.Add(g.Op("PRelu", [g.Conv(x, 6), g.Weight(0.3f, 6, 1, 1)]));
    }

    private static void Normalizations(GraphBuilder g, Value x, List<Value> parts)
    {
        parts.Add(g.Op("LRN", [x], ("size", 3)));
        parts.Add(g.Op("LpNormalization", [x], ("axis", 1)));
        parts.Add(g.Op("MeanVarianceNormalization", [g.Conv(x, 6)]));
        parts.Add(g.Op("GroupNormalization", [x, g.Weight(1, 2), g.Weight(1, 2)], ("num_groups", 2)));
        parts.Add(g.LayerNorm(x));
        parts.Add(g.Op("LogSoftmax", [x], ("axis", 1)));
        parts.Add(g.Op("Hardmax", [x], ("axis", 1)));
        parts.Add(g.Op("CumSum", [x, g.Constant(Tensor.Of([], [2L]))]));
    }

    private static void Reductions(GraphBuilder g, Value x, List<Value> parts)
    {
        foreach (var type in new[] { "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare" })
        {
            parts.Add(g.Mul(x, g.Sigmoid(g.Op(type, [x, g.Ints(2, -1)], ("keepdims", 1)))));
        }

        parts.Add(g.Mul(x, g.ReduceMean(x, true, 1)));
    }

    private static void Windows(GraphBuilder g, Value x, List<Value> parts)
    {
        parts.Add(g.Op("LpPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("auto_pad", "SAME_UPPER")));
        parts.Add(g.Mul(x, g.Op("GlobalMaxPool", [x])));
        parts.Add(g.Mul(x, g.Sigmoid(g.Op("GlobalLpPool", [x]))));
        parts.Add(g.Op("DepthToSpace", [g.Op("SpaceToDepth", [x], ("blocksize", 2))], ("blocksize", 2), ("mode", "DCR")));
        parts.Add(g.Op("DepthToSpace", [g.Conv(g.AveragePool(x), 24)], ("blocksize", 2), ("mode", "CRD")));
        parts.Add(g.Op("Pad", [g.AveragePool(x), g.Ints(0, 0, 1, 1, 0, 0, 1, 1)], ("mode", "reflect")));
        parts.Add(g.Op("Tile", [g.Slice(x, 1, 0, 3), g.Ints(1, 2, 1, 1)]));
        parts.Add(g.Op("Expand", [g.GlobalAveragePool(x), g.Ints(1, 6, 4, 1)]));
        parts.Add(g.Op("Resize", [g.AveragePool(x), null, null, g.Ints(1, 6, 4, 4)], ("mode", "linear")));
    }
}
