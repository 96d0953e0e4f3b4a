using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class PreprocessingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ChannelsLastStored_IsMovedAndNormalisedByChannel()
    {
        // One sample of height 1, width 2, three channels.
        var path = _folder.Write("x.idx", SampleBytes.Idx(0x08, [1, 1, 2, 3], [10, 20, 30, 40, 50, 60]));
        var preprocessing = new Preprocessing { Scale = 0.1, Mean = [1, 2, 3], Std = [1, 2, 4], StoredLayout = SampleLayout.ChannelsLast };

        var source = IdxSampleSource.Open(path, preprocessing: preprocessing);

        Assert.Equal([3, 1, 2], source.Inputs[0].Shape);
        Assert.Equal([0, 3, 0, 1.5f, 0, 0.75f], SampleBytes.Read(source, 0).Select(v => MathF.Round(v, 5)));
    }

    [Fact]
    public void Read_ChannelsFirstStoredForAModelWithChannelsLast_IsMovedBack()
    {
        var path = _folder.Write("x.idx", SampleBytes.Idx(0x08, [1, 3, 1, 2], [1, 4, 2, 5, 3, 6]));
        var preprocessing = new Preprocessing { Layout = SampleLayout.ChannelsLast, StoredLayout = SampleLayout.ChannelsFirst, Mean = [1, 2, 3] };

        var source = IdxSampleSource.Open(path, preprocessing: preprocessing);

        Assert.Equal([1, 2, 3], source.Inputs[0].Shape);
        Assert.Equal([0, 0, 0, 3, 3, 3], SampleBytes.Read(source, 0));
    }

    [Fact]
    public void ReadStored_OfAShuffledPart_GivesItsBytesMovedAndNotNormalised()
    {
        var path = _folder.Write("x.idx", SampleBytes.Idx(0x08, [2, 1, 2, 3], [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]));
        var preprocessing = new Preprocessing { Scale = 0.1, Mean = [1, 2, 3], Std = [1, 2, 4], StoredLayout = SampleLayout.ChannelsLast };
        var part = new SampleSubset(IdxSampleSource.Open(path, preprocessing: preprocessing), [1]);
        var normalization = part.Inputs[0].Normalization!;
        var stored = new float[6];
        normalization.ReadStored(0, stored);

        Assert.Equal([10, 40, 20, 50, 30, 60], stored);
        Assert.Equal([0.1, 0.05, 0.025], normalization.Factors);
        Assert.Equal([1, 1, 0.75], normalization.Offsets);
        Assert.Equal(0, normalization.Axis);
    }

    [Fact]
    public void Parse_EveryMember_IsRead()
    {
        var read = Preprocessing.Parse("""{"scale":0.5,"mean":[1],"std":[2],"shape":[1,2],"layout":"channelsLast","storedLayout":"channelsFirst","labelColumn":-1}""");

        Assert.Equal((0.5, 1.0, 2.0), (read.Scale, read.Mean[0], read.Std[0]));
        Assert.Equal([1, 2], read.Shape!);
        Assert.Equal((SampleLayout.ChannelsLast, SampleLayout.ChannelsFirst, -1), (read.Layout, read.StoredLayout, read.LabelColumn));
    }

    [Fact]
    public void Parse_NothingStated_GivesTheDefaults()
    {
        var read = Preprocessing.Parse("{}");

        Assert.Equal(new Preprocessing(), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"scales":1}""")]
    [InlineData("""{"scale":0}""")]
    [InlineData("""{"std":[0]}""")]
    [InlineData("""{"mean":null}""")]
    [InlineData("""{"shape":[0]}""")]
    [InlineData("""{"layout":"sideways"}""")]
    [InlineData("""{"labelColumn":-2}""")]
    [InlineData("""{"scale":1,"scale":2}""")]
    public void Parse_WrongRecord_IsRefused(string json)
    {
        Assert.Equal(ErrorCode.InvalidSampleFile, Assert.Throws<InputException>(() => Preprocessing.Parse(json)).Code);
    }

    [Fact]
    public void Open_ShapeWithAnotherNumberOfElements_IsRefused()
    {
        var path = _folder.Write("x.idx", SampleBytes.Idx(0x08, [1, 4], [1, 2, 3, 4]));

        Assert.Equal(ErrorCode.SampleShapeMismatch, Assert.Throws<InputException>(() => IdxSampleSource.Open(path, preprocessing: new Preprocessing { Shape = [2, 3] })).Code);
    }

    [Fact]
    public void Open_MeansForOtherChannels_IsRefused()
    {
        var path = _folder.Write("x.idx", SampleBytes.Idx(0x08, [1, 1, 2, 2], [1, 2, 3, 4]));

        var error = Assert.Throws<InputException>(() => IdxSampleSource.Open(path, preprocessing: new Preprocessing { Mean = [1, 2, 3] }));

        Assert.Equal(ErrorCode.SampleShapeMismatch, error.Code);
        Assert.Contains("3 numbers as 'mean', but samples have 1 channels", error.Message, StringComparison.Ordinal);
    }
}
