namespace EdgePrune.Onnx;

/// <summary>Operators that treat every element alone: activations, Identity, Cast, Dropout in inference.</summary>
internal sealed class ElementwiseUnaryDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types =>
    [
        "Relu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Elu", "Selu", "Celu", "Softplus", "Softsign", "Erf", "Gelu", "Mish",
        "ThresholdedRelu", "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Not",
        "Identity", "Cast", "Dropout",
    ];

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
