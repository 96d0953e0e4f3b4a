using System.Buffers.Binary;
using System.IO.Compression;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>The sample digits, normalized as the sample model was trained.</summary>
internal sealed class MnistDigits : ISampleSource
{
    private const int Pixels = 28 * 28;

    private readonly byte[] _images;

    private MnistDigits(byte[] images, byte[] labels, int count)
    {
        _images = images;
        Count = count;
        Labels = [.. labels.Skip(8).Take(count).Select(l => (int)l)];
        Inputs = [new SampleInput(null, [1, 28, 28], Read)];
    }

    public int Count { get; }

    public IReadOnlyList<SampleInput> Inputs { get; }

    public IReadOnlyList<int> Labels { get; }

    public static MnistDigits Test(int count) => Load("t10k", count);

    public static MnistDigits Train(int count) => Load("train", count);

    private static MnistDigits Load(string set, int count)
    {
        var images = Unzip($"samples/mnist/{set}-images-idx3-ubyte.gz", 16 + (count * Pixels));
        Assert.Equal(0x803, BinaryPrimitives.ReadInt32BigEndian(images));
        return new MnistDigits(images, Unzip($"samples/mnist/{set}-labels-idx1-ubyte.gz", 8 + count), count);
    }

    private void Read(int index, Span<float> destination)
    {
        for (var i = 0; i < Pixels; i++)
        {
            destination[i] = ((_images[16 + (index * Pixels) + i] / 255f) - 0.1307f) / 0.3081f;
        }
    }

    private static byte[] Unzip(string path, int length)
    {
        using var stream = new GZipStream(File.OpenRead(RepositoryFiles.Find(path)), CompressionMode.Decompress);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
