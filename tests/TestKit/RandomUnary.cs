using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Element-wise operators with the range of inputs that each is defined and harmless on.</summary>
internal static class RandomUnary
{
    private static readonly (string Type, int Since, Func<GraphBuilder, Value, Value> Prepare)[] All =
    [
        ("Relu", 7, Plain), ("LeakyRelu", 7, Plain), ("Sigmoid", 7, Plain), ("Tanh", 7, Plain), ("HardSigmoid", 7, Plain), ("HardSwish", 14, Plain),
        ("Elu", 7, Plain), ("Selu", 7, Plain), ("Celu", 12, Plain), ("Softplus", 7, Plain), ("Softsign", 7, Plain), ("Erf", 9, Plain), ("Gelu", 20, Plain),
        ("Mish", 18, Plain), ("ThresholdedRelu", 10, Plain), ("Abs", 7, Plain), ("Neg", 7, Plain), ("Exp", 7, Bounded), ("Log", 7, InUnit), ("Sqrt", 7, InUnit),
        ("Reciprocal", 7, InUnit), ("Floor", 7, Plain), ("Ceil", 7, Plain), ("Round", 11, Plain), ("Sign", 9, Plain), ("Sin", 7, Plain), ("Cos", 7, Plain),
        ("Tan", 7, InUnit), ("Asin", 7, InUnit), ("Acos", 7, InUnit), ("Atan", 7, Plain), ("Sinh", 9, Bounded), ("Cosh", 9, Bounded), ("Asinh", 9, Plain),
        ("Acosh", 9, AboveOne), ("Atanh", 9, InUnit), ("Shrink", 9, Plain), ("Identity", 7, Plain), ("Dropout", 7, Plain),
    ];

    /// <summary>One of the operators that the model's operator set has.</summary>
    public static Value Apply(GraphBuilder g, Value x, int choice)
    {
        var known = All.Where(u => u.Since <= g.Opset).ToList();
        var (type, _, prepare) = known[choice % known.Count];
        return g.Op(type, [prepare(g, x)]);
    }

    /// <summary>To 0.3 .. 0.7.</summary>
    public static Value InUnit(GraphBuilder g, Value x) => g.Add(g.Mul(g.Sigmoid(x), g.Scalar(0.4f)), g.Scalar(0.3f));

    private static Value Plain(GraphBuilder g, Value x) => x;

    private static Value Bounded(GraphBuilder g, Value x) => g.Op("Tanh", [x]);

    private static Value AboveOne(GraphBuilder g, Value x) => g.Add(g.Sigmoid(x), g.Scalar(1.5f));
}
