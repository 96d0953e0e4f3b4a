using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class SampleSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SampleSplit.Test, 10_000, 7)]
    [InlineData(SampleSplit.Train, 60_000, 5)]
    public void Open_TheMnistFolder_GivesTheSplitWithItsPreprocessing(SampleSplit split, int count, int firstLabel)
    {
        var source = SampleSources.Open(Mnist.Folder, split: split);

        Assert.Equal(count, source.Count);
        Assert.Equal(firstLabel, source.Labels![0]);
        Assert.Equal([1, 28, 28], source.Inputs.Single().Shape);
        Assert.Equal((float)(-0.1307 / 0.3081), SampleBytes.Read(source, 0)[0], 1e-6f);
    }

    [Fact]
    public void Open_FolderWithOneFileAndLabels_TakesBoth()
    {
        _folder.Write("x.npy", SampleBytes.Npy("|u1", "(2, 1)", [1, 2]));
        _folder.Write("my-labels.txt", "1\n0\n");
        _folder.Write("preprocessing.json", """{"scale":2}""");
        _folder.Write("readme.md", "no samples");

        var source = SampleSources.Open(_folder.FullName);

        Assert.Equal([1, 0], source.Labels!);
        Assert.Equal([4], SampleBytes.Read(source, 1));
    }

    [Fact]
    public void Open_PreprocessingThatIsStated_WinsOverTheFile()
    {
        var path = _folder.Write("x.npy", SampleBytes.Npy("|u1", "(1, 1)", [3]));
        _folder.Write("preprocessing.json", """{"scale":2}""");

        Assert.Equal([6], SampleBytes.Read(SampleSources.Open(path), 0));
        Assert.Equal([3], SampleBytes.Read(SampleSources.Open(path, preprocessing: new Preprocessing()), 0));
    }

    [Fact]
    public void Open_EmptyFolder_SaysSo()
    {
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => SampleSources.Open(_folder.FullName)).Code);
    }

    [Fact]
    public void Open_FolderWithoutTheSplit_SaysWhich()
    {
        _folder.Write("train-images-idx3-ubyte", SampleBytes.Idx(0x08, [1, 1], [1]));

        var error = Assert.Throws<InputException>(() => SampleSources.Open(_folder.FullName));

        Assert.Equal(ErrorCode.NoSamples, error.Code);
        Assert.Contains("for the test split", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderWithSeveralFiles_NamesThem()
    {
        _folder.Write("a.npy", SampleBytes.Npy("|u1", "(1, 1)", [3]));
        _folder.Write("b.npy", SampleBytes.Npy("|u1", "(1, 1)", [3]));

        Assert.Contains("a.npy, b.npy", Assert.Throws<InputException>(() => SampleSources.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NothingThere_SaysSo()
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => SampleSources.Open(Path.Combine(_folder.FullName, "gone"))).Code);
    }

    [Fact]
    public void Open_MissingLabelFile_SaysSo()
    {
        var path = _folder.Write("x.npy", SampleBytes.Npy("|u1", "(1, 1)", [3]));

        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => SampleSources.Open(path, Path.Combine(_folder.FullName, "gone.txt"))).Code);
    }

    [Fact]
    public void Open_UnknownFormat_NamesTheKnownOnes()
    {
        var error = Assert.Throws<InputException>(() => SampleSources.Open(_folder.Write("x.parquet", "PAR1")));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains(".npz", error.Message, StringComparison.Ordinal);
    }
}
