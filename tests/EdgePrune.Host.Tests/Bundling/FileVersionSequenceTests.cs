using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

public sealed class FileVersionSequenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FullName => Path.Combine(_folder.FullName, "state", "versions.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Next_AcrossPrograms_OnlyGrowsForEachName()
    {
        Assert.Equal(1, new FileVersionSequence(FullName).Next("a"));
        Assert.Equal(2, new FileVersionSequence(FullName).Next("a"));
        Assert.Equal(1, new FileVersionSequence(FullName).Next("b"));
        Assert.Equal(3, new FileVersionSequence(FullName).Next("a"));
        Assert.Equal(["versions.json"], Directory.GetFiles(Path.GetDirectoryName(FullName)!).Select(Path.GetFileName));
    }

    [Fact]
    public void Next_FirstVersionStated_StartsThereAndNeverGoesBack()
    {
        Assert.Equal(100, new FileVersionSequence(FullName, 100).Next("a"));
        Assert.Equal(101, new FileVersionSequence(FullName, 5).Next("a"));
    }

    [Fact]
    public void Next_ManyThreads_GivesNoVersionTwice()
    {
        var sequence = new FileVersionSequence(FullName);
        var versions = new long[40];

        Parallel.For(0, versions.Length, i => versions[i] = sequence.Next("a"));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), versions.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":\"one\"}")]
    [InlineData("{\"a\":-1}")]
    [InlineData("{\"a\":9223372036854775807}")]
    [InlineData("null")]
    public void Next_DamagedFile_IsRefusedAndLeftAsItIs(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FullName)!);
        File.WriteAllText(FullName, content);

        var error = Assert.Throws<InputException>(() => new FileVersionSequence(FullName).Next("a"));

        Assert.Equal(ErrorCode.InvalidOption, error.Code);
        Assert.Equal(content, File.ReadAllText(FullName));
    }

    [Fact]
    public void Next_WhileAnotherProgramHoldsTheFile_IsRefused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FullName)!);
        using var other = new FileStream(FullName + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(ErrorCode.CannotWrite, Assert.Throws<InputException>(() => new FileVersionSequence(FullName).Next("a")).Code);
    }
}
