namespace EdgePrune.Cli.Tests;

public sealed class PlanningTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Theory]
    [InlineData("macs")]
    [InlineData("parameters")]
    [InlineData("bytes")]
    [InlineData("latency")]
    public async Task Plan_RateOfAUnit_ReachesIt(string unit)
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("plan", Sample.Model, "--rate", "0.4", "--rate-of", unit, "--target", "raspberry-pi-4", "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.InRange(tool.Json.GetProperty("reached").GetDouble(), 0.4, 0.6);
        Assert.True(tool.Json.GetProperty("after").GetProperty("macs").GetInt64() < tool.Json.GetProperty("before").GetProperty("macs").GetInt64());
    }

    [Fact]
    public async Task Plan_Plain_ShowsGroupsTotalsAndThatLatencyIsPredicted()
    {
        var tool = new RunningTool();
        await tool.RunAsync("plan", Sample.Model, "--rate", "0.5", "--scope", "per-layer", "--target", "raspberry-pi-4");

        Assert.Contains("latency, predicted", tool.Out, StringComparison.Ordinal);
        Assert.Contains("50.0 % of the channels would go", tool.Out, StringComparison.Ordinal);
        Assert.Contains("Error share", tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out);
    }

    [Theory]
    [InlineData("--limit", "conv1")]
    [InlineData("--limit", "conv1=much")]
    [InlineData("--limit", "nonesuch=0")]
    [InlineData("--limit", "*=1")]
    [InlineData("--scope", "everywhere")]
    [InlineData("--rate-of", "latency")]
    [InlineData("--steps", "0")]
    public async Task Plan_WithAWrongOption_IsAnInputError(string option, string value)
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("plan", Sample.Model, option, value));
        Assert.Contains("EP1001", tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--allocation", "sensitivity", ExitCodes.Input)]
    [InlineData("--allocation", "trial", ExitCodes.Input)]
    [InlineData("--allocation=trial", "--per-layer", ExitCodes.Input)]
    [InlineData("--allocation=trial", "--steps=2", ExitCodes.Input)]
    [InlineData("--per-layer", "--scope=global", ExitCodes.Input)]
    public async Task Plan_ThatContradictsItself_IsAnInputError(string first, string second, int exit) =>
        Assert.Equal(exit, await new RunningTool().RunAsync("plan", Sample.Model, first, second));

    [Fact]
    public async Task Prune_ReplayedSteps_GiveTheSameBytes()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("prune", Sample.Model, "--rate", "0.4", "--steps", "3", "--seed", "7", "--data", Sample.Folder, "--save-plan", _folder["plan.json"], "-o", _folder["a.onnx"]);
        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("prune", Sample.Model, "--plan", _folder["plan.json"], "--data", Sample.Folder, "-o", _folder["b.onnx"]));

        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.onnx"]), await File.ReadAllBytesAsync(_folder["b.onnx"]));
    }

    [Fact]
    public async Task Prune_ByTrial_ShowsWhatWasTriedAndTaken()
    {
        string[] words = ["prune", Sample.Model, "--rate", "0.3", "--rate-of", "macs", "--allocation", "trial", "--samples", "64", "--data", Sample.Folder, "--cache", _folder["cache"]];
        var tool = new RunningTool();
        Assert.True(await tool.RunAsync([.. words, "-o", _folder["a.onnx"]]) == ExitCodes.Done, tool.Error);
        Assert.Contains("the same rate everywhere", tool.Out, StringComparison.Ordinal);
        Assert.Contains("taken", tool.Out, StringComparison.Ordinal);
        Assert.Contains("trying scores", tool.Error, StringComparison.Ordinal);

        var json = new RunningTool();
        Assert.Equal(ExitCodes.Done, await json.RunAsync([.. words, "-o", _folder["b.onnx"], "--json"]));
        Assert.Contains(json.Json.GetProperty("plan").GetProperty("trials").EnumerateArray(), t => t.GetProperty("isTaken").GetBoolean());
        Assert.DoesNotContain("channels", json.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sensitivity_RunTwice_MeasuresOnce()
    {
        string[] words = ["sensitivity", Sample.Model, "--data", Sample.Folder, "--rate", "0.3", "--rate", "0.7", "--samples", "64", "--cache", _folder["cache"], "--json"];
        var first = new RunningTool();
        Assert.True(await first.RunAsync([.. words, "-o", _folder["page.html"]]) == ExitCodes.Done, first.Error);
        var second = new RunningTool();
        Assert.Equal(ExitCodes.Done, await second.RunAsync(words));

        Assert.Equal(first.Out, second.Out);
        Assert.Contains("channels", first.Error, StringComparison.Ordinal);
        Assert.Equal("", second.Error);
        Assert.Equal(3, first.Json.GetProperty("groups").GetArrayLength());
        Assert.Contains("<svg", await File.ReadAllTextAsync(_folder["page.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
