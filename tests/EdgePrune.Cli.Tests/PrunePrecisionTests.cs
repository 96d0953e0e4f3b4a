using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli.Tests;

/// <summary><c>prune --precision</c>.</summary>
public sealed class PrunePrecisionTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Theory]
    [InlineData("dynamic", "Dynamic", "MatMulInteger")]
    [InlineData("float16", "Float16", "Cast")]
    [InlineData("weights8", "Weights8", "MatMulNBits")]
    [InlineData("weights4", "Weights4", "MatMulNBits")]
    public async Task Prune_WithAConversion_WritesThePrunedModelInThatPrecision(string name, string precision, string type)
    {
        Assert.Equal(ExitCodes.Done, await RunAsync(new RunningTool(), "plain.onnx"));
        var tool = new RunningTool();
        var code = await RunAsync(tool, "out.onnx", "--precision", name, "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(precision, tool.Json.GetProperty("precision").GetString());
        Assert.Equal(precision, tool.Json.GetProperty("plan").GetProperty("precision").GetString());
        Assert.Contains(tool.Json.GetProperty("conversion").GetProperty("nodes").EnumerateArray(), n => n.GetProperty("precision").GetString() == name);
        Assert.Equal(201_849, tool.Json.GetProperty("after").GetProperty("parameters").GetInt64());
        Assert.Contains(OnnxFile.Read(_folder["out.onnx"]).Graph.Nodes, n => n.OperatorType == type);
        Assert.InRange(new FileInfo(_folder["out.onnx"]).Length, 1, 0.6 * new FileInfo(_folder["plain.onnx"]).Length);
    }

    [Fact]
    public async Task Prune_Plain_NamesThePrecisionAndWhatBecameOfEveryNode()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Done, await RunAsync(tool, "out.onnx", "--precision", "weights4"));
        Assert.Contains("4-bit weights in blocks of", tool.Out, StringComparison.Ordinal);
        Assert.Contains("in weights4 (", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_WithSamplesToInt8_WritesIntegers()
    {
        var tool = new RunningTool();
        var code = await RunAsync(tool, "out.onnx", "--precision", "int8", "--data", Sample.Folder, "--samples", "64", "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal("Int8", tool.Json.GetProperty("precision").GetString());
        Assert.True(tool.Json.GetProperty("quantization").GetProperty("integerNodes").GetInt32() > 0);
    }

    [Fact]
    public async Task Prune_ToInt8WithoutSamples_IsRefusedBeforeTheModelIsRead()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("prune", _folder["missing.onnx"], "--precision", "int8"));
        Assert.Contains("EP3003", tool.Error, StringComparison.Ordinal);
        Assert.Contains("--data", tool.Error, StringComparison.Ordinal);
        Assert.Contains("dynamic", tool.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Prune_ToAnUnknownPrecision_SaysWhichThereAre()
    {
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("prune", _folder["missing.onnx"], "--precision", "int4"));
        Assert.Contains(string.Join(", ", PrecisionTable.Names), tool.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_ReplayedPlan_KeepsItsPrecisionUnlessAnotherIsGiven()
    {
        Assert.Equal(ExitCodes.Done, await RunAsync(new RunningTool(), "a.onnx", "--precision", "dynamic", "--save-plan", _folder["plan.json"]));
        var (kept, other) = (new RunningTool(), new RunningTool());
        Assert.Equal(ExitCodes.Done, await kept.RunAsync("prune", Sample.Model, "--plan", _folder["plan.json"], "-o", _folder["b.onnx"], "--json"));
        Assert.Equal(ExitCodes.Done, await other.RunAsync("prune", Sample.Model, "--plan", _folder["plan.json"], "-o", _folder["c.onnx"], "--precision", "float32", "--json"));

        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.onnx"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["b.onnx"], TestContext.Current.CancellationToken));
        Assert.Equal("Float32", other.Json.GetProperty("precision").GetString());
    }

    public void Dispose() => _folder.Dispose();

    private Task<int> RunAsync(RunningTool tool, string output, params string[] more) =>
        tool.RunAsync(["prune", Sample.Model, "--rate", "0.3", "--per-layer", "--criterion", "l2", "-o", _folder[output], .. more]);
}
