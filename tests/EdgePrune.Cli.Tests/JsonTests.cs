namespace EdgePrune.Cli.Tests;

public sealed class JsonTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Prune_PerLayerAtThirty_GivesTheKnownWidths()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("prune", Sample.Model, "--rate", "0.3", "--per-layer", "--criterion", "l2", "-o", _folder["out.onnx"], "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(201_849, tool.Json.GetProperty("after").GetProperty("parameters").GetInt64());
        Assert.Equal([22, 44, 89], tool.Json.GetProperty("widths").EnumerateArray().Select(w => w.GetProperty("after").GetInt32()));
        Assert.Equal(["out.onnx"], _folder.Files);
    }

    [Fact]
    public async Task Prune_Plain_PrintsWidthsParametersAndProofWithoutEscapes()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("prune", Sample.Model, "--rate", "0.3", "--per-layer", "-o", _folder["out.onnx"]);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("channels 22/44/89, 201,849 parameters", tool.Out, StringComparison.Ordinal);
        Assert.Contains("proof:", tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out + tool.Error);
    }

    [Fact]
    public async Task Prune_ReplayedPlan_GivesTheSameBytes()
    {
        await new RunningTool().RunAsync("plan", Sample.Model, "--rate", "0.5", "--target", "raspberry-pi-4", "-o", _folder["plan.json"]);
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("prune", Sample.Model, "--rate", "0.5", "--target", "raspberry-pi-4", "-o", _folder["a.onnx"]));
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("prune", Sample.Model, "--plan", _folder["plan.json"], "-o", _folder["b.onnx"]));

        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.onnx"]), await File.ReadAllBytesAsync(_folder["b.onnx"]));
    }

    [Fact]
    public async Task Sparsify_HalfOfEveryLayer_TellsNonZeroParametersAndWritesTheMask()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("sparsify", Sample.Model, "--scope", "per-layer", "--mask", _folder["mask.json"], "-o", _folder["out.onnx"], "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var report = tool.Json.GetProperty("report");
        Assert.Equal(210_938, report.GetProperty("nonZero").GetInt64());
        Assert.Equal("Magnitude", report.GetProperty("method").GetString());
        Assert.True(report.GetProperty("storage").GetProperty("zstdAfter").GetInt64() < 1_000_000);
        Assert.Equal(["mask.json", "out.onnx"], _folder.Files);
    }

    [Fact]
    public async Task Sparsify_Plain_SaysThatZerosAreNotFaster()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("sparsify", Sample.Model, "--pattern", "2:4", "--method", "random", "-o", _folder["out.onnx"]);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Contains("non-zero: 211,082 / 421,642 parameters", tool.Out, StringComparison.Ordinal);
        Assert.Contains("nothing faster", tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out + tool.Error);
    }

    [Fact]
    public async Task Inspect_Json_TellsGroupsAndPins()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await tool.RunAsync("inspect", Sample.Model, "--json"));
        Assert.Equal(421_642, tool.Json.GetProperty("parameters").GetInt64());
        Assert.Equal([32, 64, 128], tool.Json.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("channels").GetInt32()));
        Assert.Equal("GraphOutput", tool.Json.GetProperty("pins")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Inspect_Plain_FitsWithoutTrailingSpaces()
    {
        var tool = new RunningTool();
        await tool.RunAsync("inspect", Sample.Model, "--groups");

        Assert.Contains("parameters  421,642\n", tool.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out);
    }

    [Fact]
    public async Task Inspect_Groups_ExplainsEachInWords()
    {
        var tool = new RunningTool();
        await tool.RunAsync("inspect", Sample.Model, "--groups");

        Assert.Contains("'fc1.weight': one block of 49 columns for each channel (0..3135)", tool.Out, StringComparison.Ordinal);
        Assert.Contains("'logits' is an output of the model. Gemm '/fc2/Gemm' (10).", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_OneGroup_GivesItAlone()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await tool.RunAsync("inspect", Sample.Model, "--group", "/conv2/Conv", "--json"));
        Assert.Equal(64, tool.Json.GetProperty("channels").GetInt32());
        Assert.Equal("Flatten", tool.Json.GetProperty("passedBy")[2].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Inspect_MissingGroup_NamesThoseThatExist()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("inspect", Sample.Model, "--group", "conv9"));
        Assert.Contains("/conv1/Conv, /conv2/Conv, /fc1/Gemm", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_Json_SortsByUsefulnessAndSaysHowPredictionsAreMade()
    {
        var tool = new RunningTool();
        Assert.Equal(ExitCodes.Done, await tool.RunAsync("advise", Sample.Model, "--target", "raspberry-pi-4", "--need", "transfer", "--json"));
        var advice = tool.Json.GetProperty("advice").EnumerateArray().ToList();

        Assert.Equal("Transfer", tool.Json.GetProperty("need").GetString());
        Assert.Contains(advice, a => a.GetProperty("rule").GetString() == "sparsity-transfer");
        Assert.All(advice.Zip(advice.Skip(1)), p => Assert.True(p.First.GetProperty("usefulness").GetDouble() >= p.Second.GetProperty("usefulness").GetDouble()));
        Assert.All(advice.Where(a => a.TryGetProperty("effect", out _)), a => Assert.NotEmpty(a.GetProperty("effect").GetProperty("basis").GetString()!));
    }

    [Fact]
    public async Task Advise_WithSamples_TriesThemFirst()
    {
        var tool = new RunningTool();
        Assert.Equal(ExitCodes.Done, await tool.RunAsync("advise", Sample.Model, "--target", "raspberry-pi-5", "--data", Sample.Folder, "--no-labels"));

        Assert.Contains("Tried and repaired on 128 samples", tool.Out, StringComparison.Ordinal);
        Assert.Contains("int8 is safe for this model.", tool.Out, StringComparison.Ordinal);
        Assert.Contains("evaluate small.onnx --data", tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("fine-tune when", tool.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out);
    }

    [Fact]
    public async Task Error_Json_IsAnObjectWithCodeAndMessage()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("inspect", _folder["none.onnx"], "--json");

        Assert.Equal(ExitCodes.Input, code);
        Assert.Equal("EP1002", tool.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(tool.Json.GetProperty("error").GetProperty("message").GetString()));
    }

    [Fact]
    public async Task UsageError_Json_IsAnObjectToo()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("prune", "--json"));
        Assert.Equal("EP1001", tool.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Error_Verbose_ShowsWhereItCameFrom()
    {
        var tool = new RunningTool();
        await tool.RunAsync("inspect", _folder["none.onnx"], "--verbose");

        Assert.Contains("   at ", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_Cancelled_LeavesNothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var tool = new RunningTool();
        var code = await tool.RunAsync(["prune", Sample.Model, "-o", _folder["out.onnx"]], cancelled.Token);

        Assert.Equal(ExitCodes.Cancelled, code);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
