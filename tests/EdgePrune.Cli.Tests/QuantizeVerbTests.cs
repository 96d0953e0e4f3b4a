using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.Profiler;

namespace EdgePrune.Cli.Tests;

/// <summary>The verb <c>quantize</c> on the sample.</summary>
public sealed class QuantizeVerbTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Quantize_Explain_ListsEveryNodeWithItsErrorAndWhatTheStepsGave()
    {
        var tool = await RunAsync("--samples", "96", "--explain");

        Assert.Contains("/conv1/Conv", tool.Out, StringComparison.Ordinal);
        Assert.Contains(" dB", tool.Out, StringComparison.Ordinal);
        Assert.Contains("+ ranges by Extremes, nearest integers", tool.Out, StringComparison.Ordinal);
        Assert.Contains("weights rounded by their inputs", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_EverythingSwitchedOff_TriesNothing()
    {
        var tool = await RunAsync("--samples", "32", "--calibration", "minmax", "--no-balance", "--no-clip", "--no-compensation", "--no-bias-correction", "--json");
        var report = tool.Json.GetProperty("quantization");

        Assert.Equal(0, report.GetProperty("steps").GetArrayLength());
        Assert.Equal("MinMax", report.GetProperty("calibration").GetString());
        Assert.Equal(32, report.GetProperty("samples").GetInt32());
    }

    [Fact]
    public async Task Quantize_KeepFloat_LeavesTheNode()
    {
        var tool = await RunAsync("--samples", "32", "--keep-float", "/conv1/Conv", "--json");
        var node = tool.Json.GetProperty("quantization").GetProperty("nodes").EnumerateArray().Single(n => n.GetProperty("node").GetString() == "/conv1/Conv");

        Assert.Equal("float32", node.GetProperty("precision").GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task Quantize_BytesAsInput_AreFedAsStoredFromThereOn()
    {
        var quantized = await RunAsync("--samples", "128", "--input-type", "uint8", "--json");
        var bytes = quantized.Json.GetProperty("quantization").GetProperty("bytes");
        var input = Assert.Single(OnnxFile.Read(_folder["int8.onnx"]).Graph.FedInputs);

        // 0.1307 * 255 = 33.3: the rest is in the first convolution's bias.
        Assert.Equal((33, true), (bytes.GetProperty("zeroPoint").GetInt32(), bytes.GetProperty("isFolded").GetBoolean()));
        Assert.Equal((ElementType.UInt8, bytes.GetProperty("name").GetString()), (input.ElementType, input.Name));
        Assert.InRange(await ScoreAsync("evaluate", _folder["int8.onnx"]), await ScoreAsync("evaluate", Sample.Model) - 0.2, 100);
        Assert.InRange(await ScoreAsync("evaluate", _folder["int8.onnx"], "--against", Sample.Model), 99.5, 100);
    }

    [Fact]
    public async Task Quantize_BytesAsInput_AreTheInputOfTheSelfTest()
    {
        var quantized = await RunAsync("--samples", "32", "--input-type", "uint8");
        Assert.Contains("takes raw bytes", quantized.Out, StringComparison.Ordinal);
        await DoneAsync("keys", "create", _folder["key.pem"]);
        await DoneAsync("bundle", "pack", _folder["int8.onnx"], "--key", _folder["key.pem"], "-o", _folder["bytes.epb"]);
        var shown = await DoneAsync("bundle", "show", _folder["bytes.epb"], "--json");
        var test = shown.Json.GetProperty("manifest").GetProperty("blobs").EnumerateArray().Single(b => b.GetProperty("role").GetString() == BlobEntry.SelfTestInput);

        Assert.Equal(28 * 28, test.GetProperty("length").GetInt64());
    }

    [Fact]
    public async Task Quantize_WithinTheLimit_IsInIntegers()
    {
        var tool = await RunAsync("--samples", "64", "--max-loss", "0.5", "--json");

        Assert.Equal(0, tool.Json.GetProperty("quantization").GetProperty("floatNodes").GetInt32());
    }

    [Fact]
    public async Task Quantize_EvaluateWithoutALimit_IsRefused()
    {
        var tool = new RunningTool();

        Assert.NotEqual(ExitCodes.Done, await tool.RunAsync("quantize", Sample.Model, "--data", Sample.Folder, "--evaluate", "true"));
        Assert.Contains("--max-loss", tool.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<double> ScoreAsync(params string[] args) =>
        (await DoneAsync([.. args, "--data", Sample.Folder, "--json"])).Json.GetProperty("score").GetDouble();

    private static async Task<RunningTool> DoneAsync(params string[] args)
    {
        var tool = new RunningTool();
        Assert.True(await tool.RunAsync(args) == ExitCodes.Done, tool.Error);
        return tool;
    }

    private async Task<RunningTool> RunAsync(params string[] more)
    {
        var tool = await DoneAsync(["quantize", Sample.Model, "--data", Sample.Folder, "-o", _folder["int8.onnx"], .. more]);
        Assert.Contains(OnnxFile.Read(_folder["int8.onnx"]).Graph.Nodes, n => n.OperatorType == "QuantizeLinear");
        return tool;
    }
}
