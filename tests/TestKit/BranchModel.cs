using EdgePrune.Onnx;
using EdgePrune.Onnx.Serialization;
using Google.Protobuf;

namespace EdgePrune.TestKit;

/// <summary>A model with weights within the branches of an If, and with one that the branches read from outside.</summary>
public static class BranchModel
{
    private const int Width = 48;

    /// <summary>A MatMul with a weight; an If whose one branch multiplies by the same weight and whose other has its own; a last MatMul.</summary>
    /// <returns>The model.</returns>
    public static Model Make()
    {
        GraphBuilder g = new(23);
        var condition = g.Input(ElementType.Bool, [1L]);
        var shared = g.Weight(0.2f, Width, Width);
        var x = g.Op("MatMul", [g.Input(2, Width), shared]);

        // The Identity stands where the If comes.
        g.Output(g.MatMul(g.Add(x, g.Op("Identity", [condition])), 32));
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(g.Build()));
        var place = proto.Graph.Node.Single(n => n.OpType == "Identity");
        place.OpType = "If";
        var own = g.RandomTensor(-0.2f, 0.2f, Width, Width);
        place.Attribute.Add(Branch("then_branch", x.Name, shared.Name, null));
        place.Attribute.Add(Branch("else_branch", x.Name, "own", own));
        return OnnxFile.Read(proto.ToByteArray());
    }

    private static AttributeProto Branch(string name, string data, string weight, Tensor? own)
    {
        var graph = new GraphProto { Name = name };
        graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { data, weight }, Output = { name + "_out" } });
        graph.Output.Add(new ValueInfoProto { Name = name + "_out" });
        if (own is not null)
        {
            graph.Initializer.Add(new TensorProto { Name = weight, DataType = (int)own.ElementType, Dims = { own.Dims.ToArray() }, RawData = ByteString.CopyFrom(own.Bytes.Span) });
        }

        return new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };
    }
}
