using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class CsvSampleSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2,3\n4,5,6\n")]
    [InlineData("1;2;3\r\n\r\n4;5;6")]
    [InlineData("a,b,c\n1,2,3\n4, 5 ,\"6\"\n")]
    public void Open_Numbers_GivesOneSampleALine(string text)
    {
        var source = CsvSampleSource.Open(_folder.Write("x.csv", text));

        Assert.Equal(2, source.Count);
        Assert.Equal([4, 5, 6], SampleBytes.Read(source, 1));
        Assert.Null(source.Labels);
    }

    [Theory]
    [InlineData("a,Label,b\n1,7,2\n3,8,4\n", null)]
    [InlineData("1,7,2\n3,8,4\n", 1)]
    [InlineData("1,2,7\n3,4,8\n", -1)]
    public void Open_LabelColumn_IsTakenOutOfTheSamples(string text, int? column)
    {
        var source = CsvSampleSource.Open(_folder.Write("x.csv", text), preprocessing: new Preprocessing { LabelColumn = column });

        Assert.Equal([3, 4], SampleBytes.Read(source, 1));
        Assert.Equal([7, 8], source.Labels!);
    }

    [Theory]
    [InlineData("1,2\n3\n", "line 2 has 1 columns")]
    [InlineData("1,2\n3,x\n", "line 2 holds 'x'")]
    [InlineData("1,2\n3,nan\n", "line 2 holds 'nan'")]
    [InlineData("label,a\n1.5,2\n", "whole number")]
    public void Open_Malformed_IsRefusedWithTheLine(string text, string reason)
    {
        var error = Assert.Throws<InputException>(() => CsvSampleSource.Open(_folder.Write("x.csv", text)));

        Assert.Equal(ErrorCode.InvalidSampleFile, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n")]
    [InlineData("label\n1\n")]
    public void Open_NoSample_SaysSo(string text)
    {
        Assert.Equal(ErrorCode.NoSamples, Assert.Throws<InputException>(() => CsvSampleSource.Open(_folder.Write("x.csv", text))).Code);
    }

    [Fact]
    public void Open_NegativeLabel_IsRefused()
    {
        Assert.Equal(ErrorCode.LabelMismatch, Assert.Throws<InputException>(() => CsvSampleSource.Open(_folder.Write("x.csv", "y,a\n-1,2\n"))).Code);
    }

    [Fact]
    public void Open_LabelColumnBeyondTheLast_IsRefused()
    {
        Assert.Equal(ErrorCode.InvalidOption, Assert.Throws<InputException>(() => CsvSampleSource.Open(_folder.Write("x.csv", "1,2\n"), preprocessing: new Preprocessing { LabelColumn = 2 })).Code);
    }
}
