namespace EdgePrune.Cli.Tests;

public sealed class BenchStoreTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"key\":null,\"format\":1,\"report\":null}")]
    [InlineData("{\"key\":\"a\",\"format\":1,\"report\":{}}")]
    [InlineData("\u0000\u0001")]
    public async Task Run_WithADamagedCell_LeavesItAloneAndListsIt(string text)
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        var damaged = setup.Cells[0];
        await File.WriteAllTextAsync(damaged, text, TestContext.Current.CancellationToken);
        var (second, third) = (new CountingProfiler(), new CountingProfiler());

        var report = await setup.RunAsync(second);
        await setup.RunAsync(third);

        Assert.Single(second.Measured);
        Assert.Empty(third.Measured);
        Assert.Equal(text, await File.ReadAllTextAsync(damaged, TestContext.Current.CancellationToken));
        Assert.Contains(report.Notes, n => n.StartsWith($"'{Path.GetFileName(damaged)}' is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithATruncatedCell_MeasuresItAgain()
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        var bytes = await File.ReadAllBytesAsync(setup.Cells[0], TestContext.Current.CancellationToken);

        for (var length = 0; length < bytes.Length; length += 97)
        {
            await File.WriteAllBytesAsync(setup.Cells[0], bytes[..length], TestContext.Current.CancellationToken);
            Assert.Single(new BenchStore(setup.Folder).Ignored);
        }
    }

    [Theory]
    [InlineData("\"estimateUs\": ", "\"estimateUs\": -")]
    [InlineData("\"format\": 1", "\"format\": 2")]
    [InlineData("\"windows\": [", "\"windows\": [null,")]
    [InlineData("\"reasons\": [", "\"reasons\": [null")]
    [InlineData("\"Valid\"", "\"Perfect\"")]
    public async Task Open_WithAnImpossibleCell_ListsIt(string old, string changed)
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        var text = await File.ReadAllTextAsync(setup.Cells[0], TestContext.Current.CancellationToken);
        Assert.Contains(old, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(setup.Cells[0], text.Replace(old, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        Assert.Contains("is damaged", Assert.Single(new BenchStore(setup.Folder).Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithACellUnderAnotherName_ListsIt()
    {
        using var setup = new BenchSetup();
        await setup.RunAsync(new CountingProfiler());
        File.Move(setup.Cells[0], Path.Combine(Path.GetDirectoryName(setup.Cells[0])!, "0.json"));

        Assert.Contains("another name", Assert.Single(new BenchStore(setup.Folder).Ignored), StringComparison.Ordinal);
    }
}
