using Google.Protobuf;

namespace EdgePrune.Onnx.Serialization;

/// <summary>Turns the IR back into the file's form, starting from what was carried.</summary>
internal static class ModelWriter
{
    private static readonly HashSet<Value> None = [];

    /// <summary>The file's form of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lent">Initializers to write as inputs, without their elements; null for none.</param>
    public static ModelProto ToProto(Model model, HashSet<Value>? lent = null)
    {
        var proto = (model.Carried as ModelProto)?.Clone() ?? new ModelProto { ProducerName = "EdgePrune" };
        proto.IrVersion = Math.Max(model.IrVersion, LeastVersion(model));
        WriteOpsets(model, proto);
        proto.Graph = ToProto(model.Graph, lent ?? None);
        return proto;
    }

    // Before version 4 every initializer had to be an input, too; passes add some that are not.
    private static long LeastVersion(Model model) => model.Graph.InitializerList.TrueForAll(v => v.IsGraphInput) ? 0 : 4;

    private static void WriteOpsets(Model model, ModelProto proto)
    {
        foreach (var (domain, version) in model.OpsetMap)
        {
            var import = proto.OpsetImport.FirstOrDefault(o => (o.Domain == "ai.onnx" ? "" : o.Domain) == domain);
            if (import is null)
            {
                proto.OpsetImport.Add(import = new OperatorSetIdProto { Domain = domain });
            }

            import.Version = version;
        }
    }

    private static GraphProto ToProto(Graph graph, HashSet<Value> lent)
    {
        var proto = (graph.Carried as GraphProto)?.Clone() ?? new GraphProto();
        proto.Name = graph.Name;
        proto.Node.AddRange(graph.NodeList.Select(ToProto));
        proto.Initializer.AddRange(graph.InitializerList.Where(v => !lent.Contains(v)).Select(v => ToProto(v.Constant!, v.Name)));
        proto.Input.AddRange(graph.InputList.Select(ToProto));
        proto.Input.AddRange(lent.Select(ToInput));
        proto.Output.AddRange(graph.OutputList.Select(ToProto));
        proto.ValueInfo.AddRange(graph.NodeList
            .SelectMany(n => n.OutputList.OfType<Value>())
            .Where(v => v is { IsGraphOutput: false, Carried: not null })
            .Select(ToProto));
        return proto;
    }

    private static NodeProto ToProto(Node node)
    {
        var proto = (node.Carried as NodeProto)?.Clone() ?? new NodeProto { OpType = node.OperatorType };
        if (node.Domain.Length > 0)
        {
            proto.Domain = node.Domain;
        }

        if (node.Name.Length > 0)
        {
            proto.Name = node.Name;
        }

        proto.Input.AddRange(node.InputList.Select(v => v?.Name ?? ""));
        proto.Output.AddRange(node.OutputList.Select(v => v?.Name ?? ""));
        proto.Attribute.AddRange(node.AttributeMap.Where(a => a.Value is not AttributeValue.Carried).Select(a => ToProto(a.Key, a.Value)));
        return proto;
    }

    private static AttributeProto ToProto(string name, AttributeValue value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case AttributeValue.Int a:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, a.Value);
                break;
            case AttributeValue.Float a:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, a.Value);
                break;
            case AttributeValue.Text a:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(a.Value));
                break;
            case AttributeValue.Ints a:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(a.Values);
                break;
            case AttributeValue.Floats a:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(a.Values);
                break;
            case AttributeValue.Texts a:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(a.Values.Select(ByteString.CopyFromUtf8));
                break;
            case AttributeValue.Constant a:
                (proto.Type, proto.T) = (AttributeProto.Types.AttributeType.Tensor, ToProto(a.Value, ""));
                break;
            default:
                throw new InvalidOperationException($"Attribute '{name}' is carried and cannot be written anew.");
        }

        return proto;
    }

    private static TensorProto ToProto(Tensor tensor, string name)
    {
        if (tensor.Carried is TensorProto carried)
        {
            var copy = carried.Clone();
            copy.Name = name;
            return copy;
        }

        var proto = new TensorProto { DataType = (int)tensor.ElementType, RawData = UnsafeByteOperations.UnsafeWrap(tensor.Bytes) };
        proto.Dims.AddRange(tensor.Dims.ToArray());
        if (name.Length > 0)
        {
            proto.Name = name;
        }

        return proto;
    }

    private static ValueInfoProto ToInput(Value value)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)value.Constant!.ElementType, Shape = new TensorShapeProto() };
        foreach (var dim in value.Constant.Dims)
        {
            tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dim });
        }

        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = tensor } };
    }

    private static ValueInfoProto ToProto(Value value)
    {
        var proto = (value.Carried as ValueInfoProto)?.Clone() ?? new ValueInfoProto();
        proto.Name = value.Name;
        if (value.DeclaredShape is null && value.ElementType == ElementType.Undefined)
        {
            return proto;
        }

        proto.Type ??= new TypeProto();
        if (value.ElementType == ElementType.Undefined)
        {
            return proto;
        }

        proto.Type.TensorType ??= new TypeProto.Types.Tensor();
        proto.Type.TensorType.ElemType = (int)value.ElementType;
        proto.Type.TensorType.Shape = Shape(value, proto.Type.TensorType.Shape);
        return proto;
    }

    private static TensorShapeProto? Shape(Value value, TensorShapeProto? carried)
    {
        if (value.DeclaredShape is null)
        {
            return null;
        }

        // A dimension's denotation is carried as long as the rank stays.
        var shape = carried?.Dim.Count == value.DeclaredShape.Count ? carried.Clone() : new TensorShapeProto();
        while (shape.Dim.Count < value.DeclaredShape.Count)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension());
        }

        foreach (var (dim, proto) in value.DeclaredShape.Zip(shape.Dim))
        {
            proto.ClearValue();
            if (dim.Size is { } size)
            {
                proto.DimValue = size;
            }
            else if (dim.Symbol is { } symbol)
            {
                proto.DimParam = symbol;
            }
        }

        return shape;
    }
}
