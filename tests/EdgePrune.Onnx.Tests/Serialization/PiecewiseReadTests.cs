using EdgePrune.Contracts;
using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Files are read piece by piece, bytes by the generated parser: both must agree on everything.</summary>
public sealed class PiecewiseReadTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("edgeprune-read-").FullName, "model.onnx");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Read_AFile_GivesWhatItsBytesGive(string name)
    {
        var bytes = OnnxFile.ToBytes(TestModels.Make(name));
        File.WriteAllBytes(_path, bytes);

        Assert.Equal(bytes, OnnxFile.ToBytes(OnnxFile.Read(_path)));
    }

    [Theory]
    [InlineData(nameof(TestModels.Mlp))]
    [InlineData(nameof(TestModels.SubgraphIf))]
    [InlineData(nameof(TestModels.ConstantNodeWeights))]
    public void Read_ADamagedFile_GivesWhatItsBytesGive(string name)
    {
        var (random, bytes) = (new Random(4), OnnxFile.ToBytes(TestModels.Make(name)));
        for (var i = 0; i < 1000; i++)
        {
            var damaged = bytes.AsSpan(0, i % 3 == 0 ? random.Next(bytes.Length) : bytes.Length).ToArray();
            for (var n = damaged.Length == 0 ? 0 : random.Next(0, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_path, damaged);
            Assert.Equal(Outcome(() => OnnxFile.Read(damaged)), Outcome(() => OnnxFile.Read(_path)));
        }
    }

    [Fact]
    public void Read_AGraphInTwoParts_IsOneGraph()
    {
        // Two messages one after the other are one message with the fields of both.
        var bytes = OnnxFile.ToBytes(TestModels.Mlp());
        File.WriteAllBytes(_path, [.. bytes, 0x3A, 0x04, 0x52, 0x02, (byte)'h', (byte)'i']);

        Assert.Equal(OnnxFile.ToBytes(OnnxFile.Read([.. bytes, 0x3A, 0x04, 0x52, 0x02, (byte)'h', (byte)'i'])), OnnxFile.ToBytes(OnnxFile.Read(_path)));
    }

    public static TheoryData<string> Fixtures() => [.. TestModels.Names];

    private static string Outcome(Func<Model> read)
    {
        try
        {
            return Convert.ToHexString(OnnxFile.ToBytes(read()));
        }
        catch (ModelException e)
        {
            return e.Code.ToString();
        }
    }
}
