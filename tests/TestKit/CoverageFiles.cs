using EdgePrune.Onnx;
using EdgePrune.Onnx.Serialization;

namespace EdgePrune.TestKit;

/// <summary>Coverage models with traits that the editor does not make, written with the format's own types.</summary>
internal static class CoverageFiles
{
    /// <summary>Leaves the first output of a node out, as exporters do when only the last state is read.</summary>
    public static Model WithoutFirstOutput(Model model, string type)
    {
        var proto = Proto(model);
        proto.Graph.Node.Single(n => n.OpType == type).Output[0] = "";
        return OnnxFile.Read(Bytes(proto));
    }

    /// <summary>Gives every node the same name.</summary>
    public static Model WithEqualNodeNames(Model model)
    {
        var proto = Proto(model);
        foreach (var node in proto.Graph.Node)
        {
            node.Name = "node";
        }

        return OnnxFile.Read(Bytes(proto));
    }

    /// <summary>Conv, a Loop that adds weights of its own twice, Conv and a head.</summary>
    public static Model WithLoop()
    {
        GraphBuilder g = new(32);
        var (count, on) = (g.Constant(Tensor.Of([], [2L])), g.Constant(new Tensor(ElementType.Bool, [], new byte[] { 1 })));
        var x = g.Relu(g.Conv(g.Input(1, 3, 6, 6), 6));
        x = g.Relu(g.Conv(g.Op("Where", [on, x, count]), 4));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(g.Conv(x, 5))), 3));
        var proto = Proto(g.Build());
        var loop = proto.Graph.Node.Single(n => n.OpType == "Where");
        (loop.OpType, loop.Input[0], loop.Input[1], loop.Input[2]) = ("Loop", loop.Input[2], loop.Input[0], loop.Input[1]);
        loop.Attribute.Add(new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = Body() });
        return OnnxFile.Read(Bytes(proto));
    }

    private static GraphProto Body()
    {
        var body = new GraphProto { Name = "body" };
        body.Input.AddRange([Info("step", ElementType.Int64, []), Info("go_on", ElementType.Bool, []), Info("state", ElementType.Float32, [1, 6, 6, 6])]);
        body.Initializer.Add(new TensorProto { Name = "inner_weight", DataType = (int)ElementType.Float32, Dims = { 6, 1, 1 }, FloatData = { 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f } });
        body.Node.Add(new NodeProto { OpType = "Add", Input = { "state", "inner_weight" }, Output = { "state_next" } });
        body.Node.Add(new NodeProto { OpType = "Identity", Input = { "go_on" }, Output = { "go_on_next" } });
        body.Output.AddRange([Info("go_on_next", ElementType.Bool, []), Info("state_next", ElementType.Float32, [1, 6, 6, 6])]);
        return body;
    }

    private static ValueInfoProto Info(string name, ElementType type, IEnumerable<long> dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private static ModelProto Proto(Model model) => ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(model));

    private static byte[] Bytes(ModelProto proto) => Google.Protobuf.MessageExtensions.ToByteArray(proto);
}
