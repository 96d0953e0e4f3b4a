using EdgePrune.Contracts;
using EdgePrune.Onnx.Serialization;
using EdgePrune.TestKit;
using Google.Protobuf;

namespace EdgePrune.Onnx.Tests;

public sealed class HostileFileTests
{
    private static readonly byte[] Sample = File.ReadAllBytes(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));

    [Fact]
    public void Read_TruncatedFile_ThrowsModelException()
    {
        for (var length = 0; length < Sample.Length; length += 97)
        {
            var end = length;
            Assert.Throws<ModelException>(() => OnnxFile.Read(Sample.AsSpan(0, end)));
        }
    }

    [Fact]
    public void Read_RandomBytes_ThrowsModelExceptionOrParses()
    {
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            AssertCleanRead(bytes);
        }
    }

    [Theory]
    [InlineData(nameof(TestModels.Mlp))]
    [InlineData(nameof(TestModels.SubgraphIf))]
    [InlineData(nameof(TestModels.ConstantNodeWeights))]
    public void Read_DamagedBytes_ThrowsModelExceptionOrParses(string name)
    {
        var (random, bytes) = (new Random(2), OnnxFile.ToBytes(TestModels.Make(name)));
        for (var i = 0; i < 2000; i++)
        {
            var damaged = bytes.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            AssertCleanRead(damaged);
        }
    }

    [Fact]
    public void Read_DamagedStructure_ThrowsModelExceptionOrParsesAndInfers()
    {
        var random = new Random(3);
        for (var i = 0; i < 600; i++)
        {
            var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(RandomGraphs.FromSeed(i % 40).Model));
            Damage(proto, random);
            AssertCleanRead(proto.ToByteArray());
        }
    }

    [Theory]
    [InlineData("", ErrorCode.NotOnnx)]
    [InlineData("PNG image", ErrorCode.NotOnnx)]
    public void Read_OtherFile_SaysThatItIsNoModel(string text, ErrorCode code) =>
        Assert.Equal(code, Assert.Throws<ModelException>(() => OnnxFile.Read(System.Text.Encoding.ASCII.GetBytes(text))).Code);

    [Fact]
    public void Read_MissingFile_ThrowsInputException() =>
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => OnnxFile.Read("no-such.onnx")).Code);

    [Fact]
    public void Read_ShapeThatOverflows_ThrowsModelException() =>
        AssertRefused(p => { p.Graph.Initializer[0].ClearRawData(); p.Graph.Initializer[0].Dims.Clear(); p.Graph.Initializer[0].Dims.AddRange([1L << 62, 4]); }, ErrorCode.InvalidGraph);

    [Fact]
    public void Read_NegativeDimension_ThrowsModelException() => AssertRefused(p => p.Graph.Initializer[0].Dims[0] = -1, ErrorCode.InvalidGraph);

    [Fact]
    public void Read_NameUsedTwice_ThrowsModelException() => AssertRefused(p => p.Graph.Node[1].Output[0] = p.Graph.Node[0].Output[0], ErrorCode.InvalidGraph);

    [Fact]
    public void Read_InputListedTwice_ThrowsModelException() => AssertRefused(p => p.Graph.Input.Add(p.Graph.Input[0]), ErrorCode.InvalidGraph);

    [Fact]
    public void Read_ValueWithoutProducer_ThrowsModelException() => AssertRefused(p => p.Graph.Node[1].Input[0] = "nowhere", ErrorCode.InvalidGraph);

    [Fact]
    public void Read_Cycle_ThrowsModelException() => AssertRefused(p => p.Graph.Node[0].Input[0] = p.Graph.Node[^1].Output[0], ErrorCode.InvalidGraph);

    [Fact]
    public void Read_NoOpset_ThrowsModelException() => AssertRefused(p => p.OpsetImport.Clear(), ErrorCode.TruncatedModel);

    [Fact]
    public void Read_TooFewElements_NamesTheTensor()
    {
        var error = AssertRefused(p => p.Graph.Initializer[0].RawData = ByteString.CopyFrom(new byte[4]), ErrorCode.TruncatedModel);
        Assert.Contains("weight1", error.Message, StringComparison.Ordinal);
    }

    private static ModelException AssertRefused(Action<ModelProto> damage, ErrorCode code)
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(TestModels.Mlp()));
        damage(proto);
        var error = Assert.Throws<ModelException>(() => OnnxFile.Read(proto.ToByteArray()));
        Assert.Equal(code, error.Code);
        return error;
    }

    private static void AssertCleanRead(byte[] bytes)
    {
        try
        {
            var model = OnnxFile.Read(bytes);
            Assert.Empty(GraphInvariants.Faults(model.Graph));
            ShapeInference.Infer(model.Graph);
        }
        catch (ModelException)
        {
            // The one exception that a damaged file may cause.
        }
    }

    private static void Damage(ModelProto proto, Random random)
    {
        var node = proto.Graph.Node[random.Next(proto.Graph.Node.Count)];
        var tensor = proto.Graph.Initializer[random.Next(proto.Graph.Initializer.Count)];
        switch (random.Next(7))
        {
            case 0 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 1 when node.Attribute.Count > 0:
                node.Attribute.RemoveAt(random.Next(node.Attribute.Count));
                break;
            case 2:
                node.OpType = proto.Graph.Node[random.Next(proto.Graph.Node.Count)].OpType;
                break;
            case 3 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = random.Next(-2, 9);
                break;
            case 4:
                foreach (var attribute in node.Attribute.Where(a => a.Ints.Count > 0))
                {
                    attribute.Ints[0] = random.Next(-99, 99);
                }

                break;
            case 5:
                foreach (var attribute in node.Attribute.Where(a => a.HasI))
                {
                    attribute.I = random.NextInt64();
                }

                break;
            default:
                tensor.Dims.Add(1);
                break;
        }
    }
}
