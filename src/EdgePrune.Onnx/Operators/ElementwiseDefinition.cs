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

    public override bool KeepsScale(Node node, ShapeTable shapes) => node.OperatorType switch
    {
        "Add" or "Sub" or "Sum" or "Max" or "Min" => node.Inputs.All(v => v is { Constant: null } && shapes[v].SequenceEqual(shapes[node.Output])),
        "Mul" => DataBesideConstant(node, shapes) is not null,
        "Div" or "PRelu" => DataBesideConstant(node, shapes) == 0,
        _ => false,
    };

    public override IReadOnlyList<int> LinearInputs(Node node, ShapeTable shapes) => node.OperatorType switch
    {
        "Mul" => [.. Enumerable.Range(0, 2).Where(slot => IsWholeData(node, slot, shapes))],
        "Div" when IsWholeData(node, 0, shapes) => [0],
        _ => [],
    };

    public override ShiftRule ShiftOf(Node node, ShapeTable shapes) => node.OperatorType switch
    {
        "Add" when DataBesideConstant(node, shapes) is not null => ShiftRule.Kept,
        "Sub" when DataBesideConstant(node, shapes) == 0 => ShiftRule.Kept,
        "PRelu" when DataBesideConstant(node, shapes) == 0 => ShiftRule.KeptAboveZero,
        _ => ShiftRule.Changed,
    };

    public override ChannelConstants? ConstantsOf(Node node, ShapeTable shapes)
    {
        if (DataBesideConstant(node, shapes) is not { } data || BroadcastRules.OnlyWideAxis(node.Input(1 - data)!, node.Output, shapes) is not { } axis)
        {
            return null;
        }

        return node.OperatorType switch
        {
            "Add" or "Sub" => new ChannelConstants(data, axis, DataFactors.Kept, [new ChannelConstant(1 - data, 0, -1)]),
            "Mul" => new ChannelConstants(data, axis, DataFactors.Free, [new ChannelConstant(1 - data, 1, -1)]),
            "Div" when data == 0 => new ChannelConstants(data, axis, DataFactors.Free, [new ChannelConstant(1, -1, 1)]),
            _ => null,
        };
    }

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

    // The slot of the one computed input, which has the output's shape, beside a constant.
    private static int? DataBesideConstant(Node node, ShapeTable shapes)
    {
        if (node.Inputs is not [{ } a, { } b] || (a.Constant is null) == (b.Constant is null))
        {
            return null;
        }

        var (data, slot) = a.Constant is null ? (a, 0) : (b, 1);
        return shapes[data].SequenceEqual(shapes[node.Output]) && !UsesOldBroadcast(node, [shapes[a], shapes[b]]) ? slot : null;
    }

    // One of two computed inputs that has the output's shape.
    private static bool IsWholeData(Node node, int slot, ShapeTable shapes) =>
        node.Inputs is [{ Constant: null } a, { Constant: null } b] && a != b && shapes[node.Inputs[slot]!].SequenceEqual(shapes[node.Output]) && !UsesOldBroadcast(node, [shapes[a], shapes[b]]);

    private static bool UsesOldBroadcast(Node node, List<long[]> inputs) =>
        node.Opset < 7 && inputs.Any(s => !s.SequenceEqual(inputs[0]));
}
