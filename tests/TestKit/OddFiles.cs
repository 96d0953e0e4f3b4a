using EdgePrune.Onnx;
using EdgePrune.Onnx.Serialization;
using Google.Protobuf;

namespace EdgePrune.TestKit;

/// <summary>Files with traits that the editor does not make, written with the format's own types.</summary>
internal static class OddFiles
{
    /// <summary>Lists every initializer among the graph's inputs.</summary>
    public static Model WithInitializersAsInputs(Model model)
    {
        var proto = Proto(model);
        proto.IrVersion = 3;
        foreach (var tensor in proto.Graph.Initializer)
        {
            proto.Graph.Input.Add(Info(tensor.Name, tensor.DataType, tensor.Dims));
        }

        return OnnxFile.Read(proto.ToByteArray());
    }

    /// <summary>
    /// Conv, Relu and Conv; an If that halves or doubles the Relu's result, which its branches read by name; a head.
    /// </summary>
    public static Model WithIf()
    {
        GraphBuilder g = new(19);
        var condition = g.Input(ElementType.Bool, [1L]);
        var captured = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 6));
        var main = g.Conv(captured, 6);
        var half = g.Scalar(0.5f);

        // The Identity stands where the If comes; both give one tensor of the same shape.
        var x = g.Add(main, g.Op("Identity", [condition]));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(g.Relu(x), 4))), 3));
        var proto = Proto(g.Build());
        var place = proto.Graph.Node.Single(n => n.OpType == "Identity");
        place.OpType = "If";
        place.Attribute.Add(Branch("then_branch", "Mul", captured.Name, half.Name));
        place.Attribute.Add(Branch("else_branch", "Add", captured.Name, captured.Name));
        return OnnxFile.Read(proto.ToByteArray());
    }

    private static AttributeProto Branch(string name, string type, string a, string b)
    {
        var graph = new GraphProto { Name = name };
        graph.Node.Add(new NodeProto { OpType = type, Input = { a, b }, Output = { name + "_out" } });
        graph.Output.Add(Info(name + "_out", (int)ElementType.Float32, [1, 6, 6, 6]));
        return new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };
    }

    private static ValueInfoProto Info(string name, int type, IEnumerable<long> dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }

    private static ModelProto Proto(Model model) => ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(model));
}
