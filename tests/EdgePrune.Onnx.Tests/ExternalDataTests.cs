using EdgePrune.Contracts;
using EdgePrune.Onnx.Serialization;
using EdgePrune.TestKit;
using Google.Protobuf;

namespace EdgePrune.Onnx.Tests;

public sealed class ExternalDataTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgeprune");

    [Fact]
    public void Read_WeightsInAnotherFile_EqualsTheWholeModel()
    {
        var model = OnnxFile.Read(Write("weights.bin"));
        Assert.Equal(OnnxFile.ToBytes(TestModels.Mlp()), OnnxFile.ToBytes(model));
    }

    [Fact]
    public void Read_WeightsInASubfolder_Works()
    {
        _folder.CreateSubdirectory("data");
        Assert.NotEmpty(OnnxFile.Read(Write("data/weights.bin")).Graph.Initializers);
    }

    [Fact]
    public void Read_PackedTypeInAnotherFile_IsCarriedInside()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "weights.bin"), [1, 2, 3, 4]);
        var proto = new TensorProto { DataType = 22, Dims = { 4 }, DataLocation = TensorProto.Types.DataLocation.External };
        proto.ExternalData.AddRange([new() { Key = "location", Value = "weights.bin" }, new() { Key = "offset", Value = "1" }, new() { Key = "length", Value = "2" }]);
        var carried = Assert.IsType<TensorProto>(new TensorReader("test", _folder.FullName).Read(proto).Carried);
        Assert.Equal([2, 3], carried.RawData.ToByteArray());
        Assert.Empty(carried.ExternalData);
    }

    [Theory]
    [InlineData("location", "missing.bin", ErrorCode.MissingExternalData)]
    [InlineData("location", "", ErrorCode.MissingExternalData)]
    [InlineData("location", "../outside.bin", ErrorCode.MissingExternalData)]
    [InlineData("location", "/etc/hostname", ErrorCode.MissingExternalData)]
    [InlineData("location", "a\0b", ErrorCode.MissingExternalData)]
    [InlineData("location", ".", ErrorCode.MissingExternalData)]
    [InlineData("offset", "99999999", ErrorCode.MissingExternalData)]
    [InlineData("offset", "9223372036854775807", ErrorCode.MissingExternalData)]
    [InlineData("offset", "-4", ErrorCode.InvalidGraph)]
    [InlineData("offset", "many", ErrorCode.InvalidGraph)]
    [InlineData("length", "3", ErrorCode.MissingExternalData)]
    [InlineData("length", "99999999999999999999", ErrorCode.InvalidGraph)]
    public void Read_WrongEntry_ThrowsModelException(string key, string value, ErrorCode code)
    {
        File.WriteAllBytes(Path.Combine(_folder.Parent!.FullName, "outside.bin"), new byte[4096]);
        var path = Write("weights.bin", p =>
        {
            foreach (var entry in p.Graph.Initializer[0].ExternalData.Where(e => e.Key == key))
            {
                entry.Value = value;
            }
        });
        Assert.Equal(code, Assert.Throws<ModelException>(() => OnnxFile.Read(path)).Code);
    }

    [Fact]
    public void Read_FromBytesWithoutAFolder_ThrowsModelException()
    {
        var bytes = File.ReadAllBytes(Write("weights.bin"));
        Assert.Equal(ErrorCode.MissingExternalData, Assert.Throws<ModelException>(() => OnnxFile.Read(bytes)).Code);
    }

    [Fact]
    public void Read_EntryGivenTwice_TakesTheLast()
    {
        var path = Write("weights.bin", p => p.Graph.Initializer[0].ExternalData.Insert(0, new StringStringEntryProto { Key = "location", Value = "other.bin" }));
        Assert.NotEmpty(OnnxFile.Read(path).Graph.Initializers);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string location, Action<ModelProto>? change = null)
    {
        var proto = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(TestModels.Mlp()));
        using (var data = File.Create(Path.Combine(_folder.FullName, location)))
        {
            foreach (var tensor in proto.Graph.Initializer)
            {
                tensor.ExternalData.AddRange([Entry("location", location), Entry("offset", data.Position), Entry("length", tensor.RawData.Length)]);
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.RawData.WriteTo(data);
                tensor.ClearRawData();
            }
        }

        change?.Invoke(proto);
        var path = Path.Combine(_folder.FullName, "model.onnx");
        File.WriteAllBytes(path, proto.ToByteArray());
        return path;
    }

    private static StringStringEntryProto Entry(string key, object value) => new() { Key = key, Value = FormattableString.Invariant($"{value}") };
}
