using System.Text;
using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class NpySampleSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Open_EveryVersion_GivesTheNumbers(int version)
    {
        var source = NpySampleSource.Open(_folder.Write("x.npy", SampleBytes.Npy("<f4", "(2, 3)", SampleBytes.Floats(1, 2, 3, 4, 5, 6), version: version)));

        Assert.Equal(2, source.Count);
        Assert.Equal([3], source.Inputs.Single().Shape);
        Assert.Equal([4, 5, 6], SampleBytes.Read(source, 1));
        Assert.Null(source.Labels);
    }

    [Theory]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf }, -1.5f)]
    [InlineData(">f8", new byte[] { 0xbf, 0xf8, 0, 0, 0, 0, 0, 0 }, -1.5f)]
    [InlineData("<f2", new byte[] { 0, 0x3e }, 1.5f)]
    [InlineData(">f2", new byte[] { 0x3e, 0 }, 1.5f)]
    [InlineData("|i1", new byte[] { 0xfe }, -2f)]
    [InlineData("|u1", new byte[] { 0xfe }, 254f)]
    [InlineData("<i2", new byte[] { 0xfe, 0xff }, -2f)]
    [InlineData(">i4", new byte[] { 0, 0, 1, 0 }, 256f)]
    [InlineData("<i8", new byte[] { 3, 0, 0, 0, 0, 0, 0, 0 }, 3f)]
    [InlineData("<u2", new byte[] { 0xff, 0xff }, 65535f)]
    [InlineData("|b1", new byte[] { 1 }, 1f)]
    public void Open_EveryType_IsRead(string descr, byte[] data, float expected)
    {
        var source = NpySampleSource.Open(_folder.Write("x.npy", SampleBytes.Npy(descr, "(1, 1)", data)));

        Assert.Equal([expected], SampleBytes.Read(source, 0));
    }

    [Fact]
    public void Open_FortranOrder_GivesTheSameSamplesAsCOrder()
    {
        // a[n, i, j] = 100 n + 10 i + j with shape (2, 2, 3); in Fortran order n varies fastest, then i, then j.
        var fortran = new List<float>();
        for (var j = 0; j < 3; j++)
        {
            for (var i = 0; i < 2; i++)
            {
                fortran.AddRange([(10 * i) + j, 100 + (10 * i) + j]);
            }
        }

        var source = NpySampleSource.Open(_folder.Write("x.npy", SampleBytes.Npy("<f4", "(2, 2, 3)", SampleBytes.Floats([.. fortran]), fortran: true)));

        Assert.Equal([0, 1, 2, 10, 11, 12], SampleBytes.Read(source, 0));
        Assert.Equal([100, 101, 102, 110, 111, 112], SampleBytes.Read(source, 1));
    }

    [Fact]
    public void Open_Npz_GivesAnArrayForEachInputAndTheLabels()
    {
        var path = _folder.Write("x.npz", SampleBytes.Npz(
            ("left", SampleBytes.Npy("<f4", "(2, 1)", SampleBytes.Floats(1, 2))),
            ("y", SampleBytes.Npy("|u1", "(2,)", [3, 4])),
            ("right", SampleBytes.Npy("<f4", "(2, 2)", SampleBytes.Floats(5, 6, 7, 8)))));

        var source = NpySampleSource.Open(path);

        Assert.Equal(["left", "right"], source.Inputs.Select(i => i.Name));
        Assert.Equal([7, 8], SampleBytes.Read(source, 1, input: 1));
        Assert.Equal([3, 4], source.Labels!);
    }

    [Fact]
    public void Open_NpzWithOneArray_FitsAnyInputName()
    {
        var source = NpySampleSource.Open(_folder.Write("x.npz", SampleBytes.Npz(("images", SampleBytes.Npy("<f4", "(1, 1)", SampleBytes.Floats(9))))));

        Assert.Null(source.Inputs.Single().Name);
    }

    [Fact]
    public void Open_NpzWhoseArraysDiffer_IsRefused()
    {
        var path = _folder.Write("x.npz", SampleBytes.Npz(
            ("a", SampleBytes.Npy("|u1", "(2, 1)", [1, 2])),
            ("b", SampleBytes.Npy("|u1", "(3, 1)", [1, 2, 3]))));

        var error = Assert.Throws<InputException>(() => NpySampleSource.Open(path));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains("'a' holds 2 samples, but 'b' holds 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NpzWithSeveralArraysAndPreprocessing_IsRefused()
    {
        var path = _folder.Write("x.npz", SampleBytes.Npz(
            ("a", SampleBytes.Npy("|u1", "(2, 1)", [1, 2])),
            ("b", SampleBytes.Npy("|u1", "(2, 1)", [1, 2]))));

        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => NpySampleSource.Open(path, preprocessing: new Preprocessing { Scale = 2 })).Code);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "no number that fits")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 9), }", "too large")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "single number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000, 2), }", "promises 72000000 bytes")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "plain numbers")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "plain numbers")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "'c8'")]
    [InlineData("{'descr': '<f4', 'shape': (1,), }", "fortran_order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "shape")]
    [InlineData("", "shape")]
    public void Open_HostileHeader_IsRefusedWithTheReason(string header, string reason)
    {
        var error = Assert.Throws<InputException>(() => NpySampleSource.Open(_folder.Write("x.npy", SampleBytes.NpyWithHeader(header, [0, 0, 0, 0]))));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NpyCutAtAnyPlace_IsRefused()
    {
        var whole = SampleBytes.Npy("<f4", "(2, 1)", SampleBytes.Floats(1, 2));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.Write("cut.npy", whole[..length]);

            Assert.Equal(ErrorCode.InvalidSampleFile, Assert.Throws<InputException>(() => NpySampleSource.Open(path)).Code);
        }
    }

    [Fact]
    public void Open_NpzCutAtAnyPlace_IsRefused()
    {
        var whole = SampleBytes.Npz(("x", SampleBytes.Npy("<f4", "(2, 1)", SampleBytes.Floats(1, 2))));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.Write("cut.npz", whole[..length]);

            Assert.Equal(ErrorCode.InvalidSampleFile, Assert.Throws<InputException>(() => NpySampleSource.Open(path)).Code);
        }
    }

    [Fact]
    public void Open_DamagedAnywhere_NeverFailsOtherwiseThanWithAReason()
    {
        var random = new Random(11);
        byte[][] originals =
        [
            SampleBytes.Npy("<i2", "(2, 2)", new byte[8]),
            SampleBytes.Npz(("x", SampleBytes.Npy("<f4", "(2, 1)", SampleBytes.Floats(1, 2))), ("labels", SampleBytes.Npy("|u1", "(2,)", [0, 1]))),
        ];
        for (var round = 0; round < 1000; round++)
        {
            var damaged = originals[round % 2].ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            OpenOrRefuse(_folder.Write("fuzz.npz", damaged));
        }
    }

    [Fact]
    public void Open_TextThatIsNoArray_IsRefused()
    {
        Assert.Equal(ErrorCode.InvalidSampleFile, Assert.Throws<InputException>(() => NpySampleSource.Open(_folder.Write("x.npy", Encoding.UTF8.GetBytes("hello, this is no array")))).Code);
    }

    private static void OpenOrRefuse(string path)
    {
        try
        {
            var source = NpySampleSource.Open(path);
            _ = SampleBytes.Read(source, source.Count - 1);
        }
        catch (InputException e)
        {
            Assert.True(e.Code is ErrorCode.InvalidSampleFile or ErrorCode.NoSamples or ErrorCode.LabelMismatch, e.Message);
        }
    }
}
