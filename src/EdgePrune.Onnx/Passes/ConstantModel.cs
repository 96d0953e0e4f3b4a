namespace EdgePrune.Onnx;

/// <summary>A model of its own that computes some constants of another and has no inputs.</summary>
internal static class ConstantModel
{
    public static Model Of(Model model, HashSet<Node> nodes, IReadOnlyList<Value> wanted)
    {
        var constants = ModelFactory.Create("constants", model.Opset, (int)model.IrVersion);
        var editor = new GraphEditor(constants.Graph);
        Dictionary<Value, Value> copies = [];
        foreach (var node in model.Graph.Nodes.Where(nodes.Contains))
        {
            Copy(node, editor, copies);
        }

        foreach (var value in wanted)
        {
            editor.AddGraphOutput(copies[value]);
        }

        return constants;
    }

    private static void Copy(Node node, GraphEditor editor, Dictionary<Value, Value> copies)
    {
        foreach (var constant in node.Inputs.OfType<Value>().Where(v => v.Constant is not null && !copies.ContainsKey(v)))
        {
            copies[constant] = editor.AddInitializer(constant.Name, constant.Constant!);
        }

        var copy = editor.AddNode(node.OperatorType, [.. node.Inputs.Select(v => v is null ? null : copies[v])], node.Label);
        foreach (var (name, value) in node.Attributes)
        {
            editor.SetAttribute(copy, name, value);
        }

        for (var i = 0; i < node.Outputs.Count; i++)
        {
            var output = i == 0 ? copy.Output : editor.AddOutput(copy, node.Label + "_output");
            editor.SetElementType(output, ElementType.Undefined);
            if (node.Outputs[i] is { } original)
            {
                copies[original] = output;
            }
        }
    }
}
