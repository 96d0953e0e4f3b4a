using EdgePrune.Onnx.Serialization;
using EdgePrune.TestKit;
using Google.Protobuf;

namespace EdgePrune.Onnx.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<string> Names => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void WriteAndRead_Fixture_KeepsBytesStructureAndOutputs(string name)
    {
        var model = TestModels.Make(name);
        var again = AssertStable(OnnxFile.ToBytes(model));
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(model, 1), Runtime.Run(again, 1)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Clone_Fixture_IsEqualAndIndependent(string name)
    {
        var model = TestModels.Make(name);
        var bytes = OnnxFile.ToBytes(model);
        var clone = model.Clone();
        Assert.Equal(bytes, OnnxFile.ToBytes(clone));
        Assert.Empty(GraphInvariants.Faults(clone.Graph));
        new GraphEditor(clone.Graph).RemoveGraphOutput(clone.Graph.Outputs[0]);
        PassSequence.Run(clone, new UnusedNodes());
        Assert.Equal(bytes, OnnxFile.ToBytes(model));
    }

    [Fact]
    public void WriteAndRead_RandomGraphs_KeepsBytes() =>
        Assert.All(RandomGraphs.Fixed(100), g => AssertStable(OnnxFile.ToBytes(g.Model)));

    [Fact]
    public void WriteAndRead_TrainedSample_KeepsBytesAndOutputs()
    {
        var model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));
        var again = AssertStable(OnnxFile.ToBytes(model));
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(model, 1), Runtime.Run(again, 1)));
    }

    [Fact]
    public void WriteAndRead_DevelopmentModels_KeepsBytes()
    {
        Assert.SkipWhen(DevelopmentData.Models.Count == 0, DevelopmentData.MissingReason);
        Assert.All(DevelopmentData.Models, path => AssertStable(OnnxFile.ToBytes(OnnxFile.Read(path))));
    }

    [Fact]
    public void Write_ToAFile_ReadsBackEqual()
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            var model = TestModels.Mlp();
            OnnxFile.Write(model, path);
            Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(OnnxFile.Read(path)));
            Assert.Single(folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void WriteAndRead_UnknownFields_AreKept()
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(TestModels.Mlp()));
        proto.Graph.Node[0].MergeFrom(Field(6, "node doc"));
        proto.Graph.MergeFrom(Field(10, "graph doc"));
        proto.Graph.Input[0].MergeFrom(Field(3, "input doc"));
        proto.MergeFrom(Field(4, "a domain"));
        proto.MergeFrom(Field(25, ""));
        proto.MetadataProps.Add(new StringStringEntryProto { Key = "classes", Value = "a,b" });
        var bytes = proto.ToByteArray();
        var written = OnnxFile.ToBytes(AssertStable(OnnxFile.ToBytes(OnnxFile.Read(bytes))));
        Assert.All(["node doc", "graph doc", "input doc", "a domain", "classes"], text => Assert.True(written.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0, text));
        Assert.Equal(bytes.Length, written.Length);
    }

    [Fact]
    public void Read_TypedFields_EqualRawData()
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(TestModels.Mlp()));
        foreach (var tensor in proto.Graph.Initializer)
        {
            tensor.FloatData.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
            tensor.ClearRawData();
        }

        Assert.Equal(OnnxFile.ToBytes(TestModels.Mlp()), OnnxFile.ToBytes(OnnxFile.Read(proto.ToByteArray())));
    }

    [Theory]
    [InlineData(ElementType.Int8, 1)]
    [InlineData(ElementType.UInt16, 2)]
    [InlineData(ElementType.Float16, 2)]
    [InlineData(ElementType.Int32, 4)]
    [InlineData(ElementType.Bool, 1)]
    public void Read_SmallTypesInIntegerFields_HaveTheirOwnWidth(ElementType type, int size)
    {
        var tensor = new TensorReader("test", null).Read(new TensorProto { DataType = (int)type, Dims = { 3 }, Int32Data = { 1, 0, 1 } });
        Assert.Equal(3 * size, tensor.Bytes.Length);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, 3).Select(i => (int)tensor.Bytes.Span[i * size]));
    }

    [Fact]
    public void Read_SubgraphThatReadsAnOuterValue_KeepsTheUse()
    {
        var model = TestModels.SubgraphIf();
        var choice = model.Graph.Nodes.Single(n => n.OperatorType == "If");
        Assert.Equal(2, choice.Captures.Count);
        Assert.All(choice.Captures, v => Assert.Contains(new Use(choice, -1), v.Uses));
        var captured = choice.Captures.Single(v => v.Producer is not null);
        Assert.False(new GraphEditor(model.Graph).TryBypass(captured.Producer!, model.Graph.Inputs[0]));
    }

    [Fact]
    public void Read_NodesOutOfOrder_AreSorted()
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(TestModels.ResidualBlocks()));
        var nodes = proto.Graph.Node.Reverse().ToList();
        proto.Graph.Node.Clear();
        proto.Graph.Node.AddRange(nodes);
        var model = OnnxFile.Read(proto.ToByteArray());
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(TestModels.ResidualBlocks(), 1), Runtime.Run(model, 1)));
    }

    private static Model AssertStable(byte[] bytes)
    {
        var model = OnnxFile.Read(bytes);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Equal(bytes, OnnxFile.ToBytes(model));
        return model;
    }

    // A length-delimited field that the project's own declaration of the format does not know.
    private static byte[] Field(int number, string text)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteString(text);
        }

        return stream.ToArray();
    }
}
