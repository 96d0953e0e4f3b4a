namespace EdgePrune.Onnx;

/// <summary>Operators that combine elements of several tensors one by one, with numpy broadcasting.</summary>
internal sealed class ElementwiseDefinition : OperatorDefinition
{
    public override IReadOnlyList<string> Types =>
    [
        "Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean", "Mod", "PRelu", "Where", "And", "Or", "Xor",
        "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual",
    ];

    public override QuantizationRule QuantizationOf(Node node) =>
        node.OperatorType is "Add" or "Mul" ? QuantizationRule.Activation : QuantizationRule.Float;

    public override bool KeepsScale(Node node, ShapeTable shapes) =>
        node.OperatorType is "Add" or "Sub" or "Sum" or "Max" or "Min" && node.Inputs.All(v => v is { Constant: null } && shapes[v].SequenceEqual(shapes[node.Output]));

    public override IReadOnlyList<long[]?>? InferShapes(Node node, ShapeTable shapes)
    {
        var inputs = node.Inputs.Select(shapes.Find).ToList();
        if (inputs.Count == 0 || inputs.Contains(null))
        {
            return null;
        }

        return UsesOldBroadcast(node, inputs!) ? [inputs[0]] : [BroadcastRules.Shape(inputs!)];
    }

    public override void Link(Node node, ShapeTable shapes, AxisLinks links)
    {
        if (UsesOldBroadcast(node, [.. node.Inputs.Select(v => shapes[v!])]))
        {
            NodeArguments.PinWhole(node, shapes, links, new PinReason(PinKind.NotCovered, $"Node {node} broadcasts by the rules before operator set 7; convert the model to a newer one."));
            return;
        }

        foreach (var input in node.Inputs.OfType<Value>())
        {
            BroadcastRules.Tie(input, node.Output, shapes, links);
        }
    }

    private static bool UsesOldBroadcast(Node node, List<long[]> inputs) =>
        node.Opset < 7 && inputs.Any(s => !s.SequenceEqual(inputs[0]));
}
