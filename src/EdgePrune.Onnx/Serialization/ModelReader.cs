using EdgePrune.Contracts;
using Google.Protobuf;

namespace EdgePrune.Onnx.Serialization;

/// <summary>Turns the file's bytes into the IR. Each proto object is kept as the template that the writer starts from.</summary>
internal sealed class ModelReader(string name, string? folder)
{
    private readonly TensorReader _tensors = new(name, folder);

    public Model Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Read(ModelProto.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Unreadable(bytes.Length > 2 ? bytes[0] : null, bytes.Length, e);
        }
    }

    /// <summary>Reads a model from a file, tensor by tensor.</summary>
    public Model Read(FileStream file)
    {
        if (PiecewiseParser.TryParse(file) is { } proto)
        {
            return Read(proto);
        }

        try
        {
            file.Position = 0;
            return Read(ModelProto.Parser.ParseFrom(file));
        }
        catch (InvalidProtocolBufferException e)
        {
            file.Position = 0;
            throw Unreadable(file.Length > 2 ? (byte)file.ReadByte() : null, file.Length, e);
        }
    }

    private Model Read(ModelProto proto)
    {
        if (proto.Graph is null || (proto.Graph.Node.Count == 0 && proto.Graph.Output.Count == 0))
        {
            throw new ModelException(ErrorCode.NotOnnx, $"'{name}' is not an ONNX model: it has no graph. Give the path of a file exported as ONNX.");
        }

        var model = new Model(ReadGraph(proto.Graph)) { IrVersion = proto.IrVersion };
        foreach (var import in proto.OpsetImport)
        {
            model.OpsetMap[import.Domain == "ai.onnx" ? "" : import.Domain] = import.Version;
        }

        if (model.IrVersion >= 3 && model.OpsetMap.Count == 0)
        {
            throw new ModelException(ErrorCode.TruncatedModel, $"'{name}' states no operator set version, which files of format version {model.IrVersion} must. It is damaged; copy or export it again.");
        }

        proto.Graph = null;
        model.Carried = proto;
        return model;
    }

    // A model starts with its IR version (field 1, a number) or its opsets; anything else never was one.
    private ModelException Unreadable(byte? first, long length, InvalidProtocolBufferException e) => first is 0x08 or 0x12 or 0x3A or 0x42
        ? new ModelException(ErrorCode.TruncatedModel, $"'{name}' is damaged or ends too early ({length} bytes): {e.Message} Copy or export it again.", e)
        : new ModelException(ErrorCode.NotOnnx, $"'{name}' is not an ONNX model. Give the path of a file exported as ONNX.", e);

    private Graph ReadGraph(GraphProto proto)
    {
        var graph = new Graph(proto.Name);
        ReadInitializers(proto, graph);
        ReadInputs(proto, graph);
        var nodes = proto.Node.Select(n => (Proto: n, Node: DeclareNode(n, graph))).ToList();
        foreach (var (nodeProto, node) in nodes)
        {
            ReadInputs(nodeProto, node, graph);
        }

        ReadOutputs(proto, graph);
        ReadValueInfo(proto, graph);
        graph.NodeList.AddRange(TopologicalOrder.Sort(nodes.ConvertAll(n => n.Node)));
        proto.Node.Clear();
        proto.Initializer.Clear();
        proto.Input.Clear();
        proto.Output.Clear();
        proto.ValueInfo.Clear();
        graph.Carried = proto;
        return graph;
    }

    private void ReadInitializers(GraphProto proto, Graph graph)
    {
        foreach (var tensor in proto.Initializer)
        {
            var value = Declare(graph, tensor.Name);
            value.Constant = _tensors.Read(tensor);
            value.ElementType = value.Constant.ElementType;
            graph.InitializerList.Add(value);
        }

        foreach (var sparse in proto.SparseInitializer)
        {
            // Carried as it is; known by name so that its readers resolve, and pinned because it has no dense constant.
            Declare(graph, sparse.Values?.Name ?? "").ElementType = (ElementType)(sparse.Values?.DataType ?? 0);
        }
    }

    private void ReadInputs(GraphProto proto, Graph graph)
    {
        foreach (var info in proto.Input)
        {
            var value = graph.ValueMap.TryGetValue(info.Name, out var initializer) ? initializer : Declare(graph, info.Name);
            if (value.IsGraphInput)
            {
                throw new ModelException(ErrorCode.InvalidGraph, $"'{name}' lists the input '{info.Name}' twice. Export the model again.");
            }

            value.IsGraphInput = true;
            ReadType(value, info);
            graph.InputList.Add(value);
        }
    }

    private void ReadOutputs(GraphProto proto, Graph graph)
    {
        foreach (var info in proto.Output)
        {
            var value = Resolve(graph, info.Name, "The graph's output");
            value.IsGraphOutput = true;
            ReadType(value, info);
            graph.OutputList.Add(value);
        }
    }

    private static void ReadValueInfo(GraphProto proto, Graph graph)
    {
        foreach (var info in proto.ValueInfo)
        {
            if (graph.ValueMap.TryGetValue(info.Name, out var value) && value.Carried is null)
            {
                ReadType(value, info);
            }
        }
    }

    private static void ReadType(Value value, ValueInfoProto info)
    {
        value.Carried = info;
        if (info.Type?.TensorType is not { } tensor)
        {
            return;
        }

        value.ElementType = (ElementType)tensor.ElemType;
        value.DeclaredShape = tensor.Shape?.Dim
            .Select(d => d.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue
                ? Dim.FromInt64(d.DimValue)
                : new Dim(null, d.HasDimParam ? d.DimParam : null))
            .ToArray();
    }

    private Node DeclareNode(NodeProto proto, Graph graph)
    {
        var node = new Node(graph, proto.OpType, proto.Domain == "ai.onnx" ? "" : proto.Domain, proto.Name);
        foreach (var output in proto.Output)
        {
            NodeWiring.AddOutput(node, output.Length == 0 ? null : Declare(graph, output));
        }

        foreach (var attribute in proto.Attribute)
        {
            node.AttributeMap[attribute.Name] = AttributeReader.Read(attribute, _tensors);
        }

        return node;
    }

    private void ReadInputs(NodeProto proto, Node node, Graph graph)
    {
        foreach (var input in proto.Input)
        {
            NodeWiring.AddInput(node, input.Length == 0 ? null : Resolve(graph, input, $"Node {node}"));
        }

        foreach (var captured in SubgraphCaptures.Of(proto).Where(graph.ValueMap.ContainsKey))
        {
            NodeWiring.AddCapture(node, graph.ValueMap[captured]);
        }

        proto.Input.Clear();
        proto.Output.Clear();
        foreach (var known in proto.Attribute.Where(a => node.AttributeMap[a.Name] is not AttributeValue.Carried).ToList())
        {
            proto.Attribute.Remove(known);
        }

        node.Carried = proto;
    }

    private Value Resolve(Graph graph, string value, string reader) => graph.ValueMap.TryGetValue(value, out var found)
        ? found
        : throw new ModelException(ErrorCode.InvalidGraph, $"{reader} of '{name}' reads '{value}', which no node, input or initializer gives. Export the model again.");

    private Value Declare(Graph graph, string value)
    {
        var declared = new Value(value);
        return graph.ValueMap.TryAdd(value, declared)
            ? declared
            : throw new ModelException(ErrorCode.InvalidGraph, $"'{name}' gives the value '{value}' twice; names of values must be unique. Export the model again.");
    }
}
