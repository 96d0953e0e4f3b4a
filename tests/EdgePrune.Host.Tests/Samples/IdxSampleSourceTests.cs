using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class IdxSampleSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_TwoImages_GivesTheirPixelsAndLabels(bool compressed)
    {
        var images = SampleBytes.Idx(0x08, [2, 1, 3], [0, 1, 255, 7, 8, 9]);
        var path = _folder.Write("images.idx", compressed ? SampleBytes.Gzip(images) : images);
        var labels = _folder.Write("labels.idx", SampleBytes.Idx(0x08, [2], [4, 0]));

        var source = IdxSampleSource.Open(path, labels);

        Assert.Equal(2, source.Count);
        Assert.Equal([1, 3], source.Inputs.Single().Shape);
        Assert.Equal([7, 8, 9], SampleBytes.Read(source, 1));
        Assert.Equal([0, 1, 255], SampleBytes.Read(source, 0));
        Assert.Equal([4, 0], source.Labels!);
    }

    [Theory]
    [InlineData(0x09, new byte[] { 0xff, 0x7f }, new float[] { -1, 127 })]
    [InlineData(0x0b, new byte[] { 0xff, 0xfe, 0x01, 0x02 }, new float[] { -2, 258 })]
    [InlineData(0x0c, new byte[] { 0xff, 0xff, 0xff, 0xfd, 0, 1, 0, 0 }, new float[] { -3, 65536 })]
    [InlineData(0x0d, new byte[] { 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0 }, new float[] { 1, -2 })]
    [InlineData(0x0e, new byte[] { 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0x08, 0, 0, 0, 0, 0, 0 }, new float[] { 1, -3 })]
    public void Open_EveryType_IsReadWithTheHighestByteFirst(byte type, byte[] data, float[] expected)
    {
        var source = IdxSampleSource.Open(_folder.Write("a.idx", SampleBytes.Idx(type, [1, 2], data)));

        Assert.Equal(expected, SampleBytes.Read(source, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_CutAtAnyPlace_IsRefused(bool compressed)
    {
        var whole = SampleBytes.Idx(0x08, [2, 2], [1, 2, 3, 4]);
        whole = compressed ? SampleBytes.Gzip(whole) : whole;
        for (var length = 0; length < whole.Length; length++)
        {
            // The end of a gzip file is its checksum: without it, all four pixels are there still.
            if (compressed && length >= whole.Length - 10)
            {
                continue;
            }

            var path = _folder.Write("cut.idx", whole[..length]);

            Assert.Equal(ErrorCode.InvalidSampleFile, Assert.Throws<InputException>(() => IdxSampleSource.Open(path)).Code);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, "too large")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 9 }, "promises")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0 }, "without a number")]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 1, 5 }, "type is 0x07")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "starts with")]
    [InlineData(new byte[] { 1, 0, 8, 1, 0, 0, 0, 1, 5 }, "starts with")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 5, 6 }, "more are there")]
    public void Open_LyingHeader_IsRefusedWithTheReason(byte[] bytes, string reason)
    {
        var error = Assert.Throws<InputException>(() => IdxSampleSource.Open(_folder.Write("bad.idx", bytes)));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CompressedFileThatPromisesGigabytes_AllocatesWhatIsThere()
    {
        var path = _folder.Write("bomb.idx", SampleBytes.Gzip(SampleBytes.Idx(0x08, [1_000_000_000, 2], [1])));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InputException>(() => IdxSampleSource.Open(path));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Open_NoSample_SaysSo()
    {
        var error = Assert.Throws<InputException>(() => IdxSampleSource.Open(_folder.Write("none.idx", SampleBytes.Idx(0x08, [0, 2], []))));

        Assert.Equal(ErrorCode.NoSamples, error.Code);
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => IdxSampleSource.Open(Path.Combine(_folder.FullName, "no.idx"))).Code);
    }

    [Theory]
    [InlineData(0x08, new[] { 3 }, new byte[] { 0, 1, 2 }, ErrorCode.LabelMismatch)]
    [InlineData(0x09, new[] { 2 }, new byte[] { 0, 0xff }, ErrorCode.LabelMismatch)]
    [InlineData(0x0d, new[] { 2 }, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, ErrorCode.InvalidSampleFile)]
    [InlineData(0x08, new[] { 2, 2 }, new byte[] { 0, 0, 0, 0 }, ErrorCode.InvalidSampleFile)]
    public void Open_LabelsThatCannotBe_AreRefused(byte type, int[] dims, byte[] data, ErrorCode expected)
    {
        var images = _folder.Write("images.idx", SampleBytes.Idx(0x08, [2, 1], [1, 2]));
        var labels = _folder.Write("labels.idx", SampleBytes.Idx(type, dims, data));

        Assert.Equal(expected, Assert.Throws<InputException>(() => IdxSampleSource.Open(images, labels)).Code);
    }

    [Fact]
    public void Open_DamagedAnywhere_NeverFailsOtherwiseThanWithAReason()
    {
        var random = new Random(7);
        var whole = SampleBytes.Idx(0x0c, [3, 2], new byte[24]);
        for (var round = 0; round < 500; round++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged = damaged[..(damaged.Length - (random.Next(4) == 0 ? random.Next(damaged.Length) : 0))];
            OpenOrRefuse(_folder.Write("fuzz.idx", damaged));
        }
    }

    private static void OpenOrRefuse(string path)
    {
        try
        {
            var source = IdxSampleSource.Open(path);
            _ = SampleBytes.Read(source, source.Count - 1);
        }
        catch (InputException e)
        {
            Assert.True(e.Code is ErrorCode.InvalidSampleFile or ErrorCode.NoSamples, e.Message);
        }
    }
}
