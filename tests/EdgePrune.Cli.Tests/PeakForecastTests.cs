using EdgePrune.Contracts;

namespace EdgePrune.Cli.Tests;

public sealed class PeakForecastTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    private static Target Board(params int[] mebibytes) => new()
    {
        Name = "board", Title = "A board", Architecture = "arm64", Hardware = new HardwareFacts { MemoryMiB = mebibytes },
    };

    [Fact]
    public void Shortage_OfAModelThatFitsEveryBoard_IsNone() => Assert.Null(PeakForecast.Shortage(new ByteSize(512L << 20), Board(512, 1024)));

    [Fact]
    public void Shortage_OfAModelThatFitsNone_SaysSo() =>
        Assert.Contains("more than any 'board' has (at most 1 GiB)", PeakForecast.Shortage(new ByteSize((1024L << 20) + 1), Board(512, 1024)), StringComparison.Ordinal);

    [Fact]
    public void Shortage_OfAModelThatFitsSome_NamesThem() =>
        Assert.Contains("only boards with 1 GiB or 2 GiB", PeakForecast.Shortage(new ByteSize(600L << 20), Board(2048, 512, 1024)), StringComparison.Ordinal);

    [Fact]
    public void Shortage_WhenTheMemoryIsUnknown_IsNone() =>
        Assert.Null(PeakForecast.Shortage(new ByteSize(long.MaxValue), new Target { Name = "board", Title = "A board", Architecture = "any" }));

    [Fact]
    public async Task Profile_WithASmallTarget_WarnsBeforeItRunsAndReportsBothPredictions()
    {
        var target = _folder.Write("board.json", """{ "name": "board", "title": "A board", "architecture": "arm64", "hardware": { "memoryMiB": [16], "sources": { "memoryMiB": "made up" } } }"""u8.ToArray());
        var tool = new RunningTool();
        // The test program is no measuring program: what is said before the run is all there is.
        await tool.RunAsync("profile", Sample.Model, "--target", target);

        Assert.Contains("Predicted peak memory on ", tool.Error, StringComparison.Ordinal);
        Assert.Contains("Warning: the model needs about", tool.Error, StringComparison.Ordinal);
        Assert.Contains("more than any 'board' has (at most 16 MiB)", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_TellsThePredictedPeakOfEachArchitecture()
    {
        var tool = new RunningTool();
        Assert.Equal(ExitCodes.Done, await tool.RunAsync("inspect", Sample.Model, "--json"));
        var predictions = tool.Json.GetProperty("predictedMemory").EnumerateArray().ToArray();
        Assert.Equal(["x64", "arm64"], predictions.Select(p => p.GetProperty("architecture").GetString()));
        Assert.All(predictions, p => Assert.InRange(p.GetProperty("peakBytes").GetInt64(), 40L << 20, 100L << 20));
        Assert.Equal(1_686_568, predictions[1].GetProperty("weightBytes").GetInt64());

        var plain = new RunningTool();
        await plain.RunAsync("inspect", Sample.Model);
        Assert.Contains("peak, arm64", plain.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
