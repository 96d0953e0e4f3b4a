namespace EdgePrune.Onnx;

/// <summary>Activations of ONNX Runtime's own domain, some with a bias that is added before.</summary>
internal sealed class RuntimeActivationDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types => ["Gelu", "FastGelu", "QuickGelu", "BiasGelu"];

    public override string Domain => "com.microsoft";

    public override IReadOnlyList<long[]?> InferShapes(Node node, ShapeTable shapes) => [shapes.Find(node.Input(0))];

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        foreach (var input in node.Inputs.OfType<Value>())
        {
            BroadcastRules.Tie(input, node.Output, shapes, links);
        }
    }
}
