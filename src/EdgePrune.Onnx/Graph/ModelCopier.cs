namespace EdgePrune.Onnx;

/// <summary>Copies a model's structure; tensors and carried parts are immutable and shared.</summary>
internal sealed class ModelCopier
{
    private readonly Dictionary<Value, Value> _values = [];

    private ModelCopier()
    {
    }

    public static Model Copy(Model model) => Around(new ModelCopier().CopyGraph(model.Graph), model);

    /// <summary>Copies some nodes, with other outputs and with inputs for values that are given.</summary>
    public static Model CopyPart(Model model, IEnumerable<Node> nodes, IReadOnlyList<string> wanted, IReadOnlyDictionary<string, ElementType> given)
    {
        var (copier, copy) = (new ModelCopier(), new Graph(model.Graph.Name) { Carried = model.Graph.Carried });
        foreach (var node in nodes)
        {
            foreach (var read in node.InputList.Concat(node.CaptureList).OfType<Value>())
            {
                copier.PlaceRead(read, copy, given);
            }

            foreach (var output in node.OutputList.OfType<Value>())
            {
                copier.PlaceOutput(output, copy);
            }

            copy.NodeList.Add(copier.CopyNode(node, copy));
        }

        foreach (var name in wanted)
        {
            copier.PlaceRead(model.Graph.ValueMap[name], copy, given);
            copy.OutputList.Add(copy.ValueMap[name]);
            copy.ValueMap[name].IsGraphOutput = true;
        }

        return Around(copy, model);
    }

    private static Model Around(Graph graph, Model model)
    {
        var copy = new Model(graph) { IrVersion = model.IrVersion, Carried = model.Carried, Name = model.Name };
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

    private void PlaceRead(Value value, Graph copy, IReadOnlyDictionary<string, ElementType> given)
    {
        if (_values.ContainsKey(value))
        {
            return;
        }

        var isGiven = given.TryGetValue(value.Name, out var type);
        var placed = isGiven ? new Value(value.Name) { ElementType = type, IsGraphInput = true } : CopyValue(value);
        placed.IsGraphOutput = false;
        copy.ValueMap[value.Name] = _values[value] = placed;
        if (placed.IsGraphInput)
        {
            copy.InputList.Add(placed);
        }

        if (placed.Constant is not null)
        {
            copy.InitializerList.Add(placed);
        }
    }

    private void PlaceOutput(Value value, Graph copy)
    {
        copy.ValueMap[value.Name] = _values[value] = CopyValue(value);
        _values[value].IsGraphOutput = false;
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
