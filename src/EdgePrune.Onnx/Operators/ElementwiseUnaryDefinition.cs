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
}
