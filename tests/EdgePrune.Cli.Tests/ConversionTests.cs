namespace EdgePrune.Cli.Tests;

public sealed class ConversionTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Theory]
    [InlineData("dynamic", 500_000)]
    [InlineData("float16", 850_000)]
    [InlineData("weights8", 520_000)]
    [InlineData("weights4", 360_000)]
    public async Task Quantize_PrecisionWithoutSamples_WritesASmallerModelAndSaysWhy(string precision, long atMost)
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync("quantize", Sample.Model, "--precision", precision, "-o", _folder["out.onnx"], "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.InRange(tool.Json.GetProperty("fileBytes").GetInt64(), 1, atMost);
        Assert.Equal(1_687_977, tool.Json.GetProperty("fileBytesBefore").GetInt64());
        Assert.Contains(tool.Json.GetProperty("report").GetProperty("nodes").EnumerateArray(), n => n.GetProperty("precision").GetString() == precision);
        Assert.Equal(new FileInfo(_folder["out.onnx"]).Length, tool.Json.GetProperty("fileBytes").GetInt64());
    }

    [Fact]
    public async Task Quantize_Float16Plain_SaysThatNeitherMemoryNorSpeedChange()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await tool.RunAsync("quantize", Sample.Model, "--precision", "float16", "-o", _folder["out.onnx"]));
        Assert.Contains("memory and speed stay those of float", tool.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(["out.onnx"], _folder.Files);
    }

    [Fact]
    public async Task Quantize_Int8WithoutSamples_AsksForThem()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("quantize", Sample.Model, "-o", _folder["out.onnx"]));
        Assert.Contains("--data", tool.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("--data", "samples")]
    [InlineData("--calibration", "percentile")]
    [InlineData("--seed", "2")]
    public async Task Quantize_OptionOfCalibrationWithAnotherPrecision_IsRefused(string option, string value)
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("quantize", Sample.Model, "--precision", "weights4", option, value, "-o", _folder["out.onnx"]));
        Assert.Contains($"'{option}' belongs to '--precision int8'", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_ConvertedModelAgain_IsRefused()
    {
        await new RunningTool().RunAsync("quantize", Sample.Model, "--precision", "dynamic", "-o", _folder["out.onnx"]);
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Model, await tool.RunAsync("quantize", _folder["out.onnx"], "--precision", "weights4", "-o", _folder["again.onnx"]));
        Assert.Equal(["out.onnx"], _folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
