namespace EdgePrune.Onnx;

/// <summary>Operators that treat every element alone: activations, Identity, Cast, Dropout in inference.</summary>
internal sealed class ElementwiseUnaryDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types =>
    [
        "Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Erf", "Gelu", "Mish",
        "ThresholdedRelu", "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Tan", "Asin",
        "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "IsNaN", "IsInf", "Shrink", "Not",
        "Identity", "Cast", "Dropout",
    ];

    public override QuantizationRule QuantizationOf(Node node) => node.OperatorType switch
    {
        "Relu" or "Clip" => QuantizationRule.FusedActivation,
        "Sigmoid" or "LeakyRelu" => QuantizationRule.Activation,
        _ => QuantizationRule.Float,
    };

    public override bool KeepsScale(Node node, ShapeTable shapes) => node.OperatorType is "Relu" or "LeakyRelu" or "Identity" or "Dropout" or "Neg" or "Abs";

    public override PassedRange? Passes(Node node) => node.OperatorType switch
    {
        "Relu" => new(0, float.PositiveInfinity),
        "Clip" => Bound(node, 1, "min", float.NegativeInfinity) is { } low && Bound(node, 2, "max", float.PositiveInfinity) is { } high ? new(low, high) : null,
        _ => null,
    };

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => node.OperatorType switch
    {
        "Relu" or "LeakyRelu" => ShiftRule.KeptAboveZero,
        "Identity" or "Dropout" => ShiftRule.Kept,
        _ => ShiftRule.Changed,
    };

    public override IReadOnlyList<long[]?> InferShapes(Node node, ShapeTable shapes) =>
        [.. node.Outputs.Select(_ => shapes.Find(node.Input(0)))];

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        foreach (var output in node.Outputs.OfType<Value>())
        {
            AxisRules.TieAll(links, node.Input(0)!, output, shapes.Rank(output));
        }
    }

    // An attribute before operator set 11, an input since.
    private static float? Bound(Node clip, int input, string attribute, float otherwise) => clip switch
    {
        _ when clip.Attributes.ContainsKey(attribute) => clip.Float(attribute, otherwise),
        _ when clip.Input(input) is null => otherwise,
        _ => clip.Input(input)!.Constant is { Count: 1 } constant && constant.ElementType.IsFloat() ? constant.ToFloats()[0] : null,
    };
}
