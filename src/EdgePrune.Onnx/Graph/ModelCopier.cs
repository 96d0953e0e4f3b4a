namespace EdgePrune.Onnx;

/// <summary>Copies a model's structure; tensors and carried parts are immutable and shared.</summary>
internal sealed class ModelCopier
{
    private readonly Dictionary<Value, Value> _values = [];

    private ModelCopier()
    {
    }

    public static Model Copy(Model model)
    {
        var copy = new Model(new ModelCopier().CopyGraph(model.Graph)) { IrVersion = model.IrVersion, Carried = model.Carried, Name = model.Name };
        foreach (var (domain, version) in model.OpsetMap)
        {
            copy.OpsetMap[domain] = version;
        }

        return copy;
    }

    private Graph CopyGraph(Graph graph)
    {
        var copy = new Graph(graph.Name) { Carried = graph.Carried };
        foreach (var value in graph.ValueMap.Values)
        {
            copy.ValueMap[value.Name] = _values[value] = CopyValue(value);
        }

        copy.InputList.AddRange(graph.InputList.Select(v => _values[v]));
        copy.OutputList.AddRange(graph.OutputList.Select(v => _values[v]));
        copy.InitializerList.AddRange(graph.InitializerList.Select(v => _values[v]));
        copy.NodeList.AddRange(graph.NodeList.Select(n => CopyNode(n, copy)));
        return copy;
    }

    private static Value CopyValue(Value value) => new(value.Name)
    {
        ElementType = value.ElementType,
        DeclaredShape = value.DeclaredShape,
        Constant = value.Constant,
        IsGraphInput = value.IsGraphInput,
        IsGraphOutput = value.IsGraphOutput,
        Carried = value.Carried,
    };

    private Node CopyNode(Node node, Graph graph)
    {
        var copy = new Node(graph, node.OperatorType, node.Domain, node.Name) { Carried = node.Carried };
        foreach (var (name, attribute) in node.AttributeMap)
        {
            copy.AttributeMap[name] = attribute;
        }

        foreach (var input in node.InputList)
        {
            NodeWiring.AddInput(copy, input is null ? null : _values[input]);
        }

        foreach (var capture in node.CaptureList)
        {
            NodeWiring.AddCapture(copy, _values[capture]);
        }

        foreach (var output in node.OutputList)
        {
            NodeWiring.AddOutput(copy, output is null ? null : _values[output]);
        }

        return copy;
    }
}
