using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Cli.Tests;

/// <summary>The verb <c>quantize</c> with the reports of a device.</summary>
public sealed class DeviceProfilesTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Quantize_ProfilesOfADeviceThatIsFasterInFloat_WritesTheFloatModel()
    {
        var tool = await RunAsync(await ProfilesAsync(times: 10), "--json");
        var planned = tool.Json.GetProperty("quantization").GetProperty("planned");

        Assert.DoesNotContain(OnnxFile.Read(_folder["planned.onnx"]).Graph.Nodes, n => n.OperatorType == "QuantizeLinear");
        Assert.Equal(planned.GetProperty("floatUs").GetDouble(), planned.GetProperty("plannedUs").GetDouble());
        Assert.True(tool.Json.TryGetProperty("deviceRatio", out var ratio) && ratio.GetProperty("estimate").GetDouble() > 0);
    }

    [Fact]
    public async Task Quantize_ProfilesOfADeviceThatIsFasterInInt8_WritesIntegersAndTellsTheTime()
    {
        var tool = await RunAsync(await ProfilesAsync(times: 0.01));

        Assert.Contains(OnnxFile.Read(_folder["planned.onnx"]).Graph.Nodes, n => n.OperatorType == "QuantizeLinear");
        Assert.Contains("planned by its operators", tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_OneProfileAlone_IsRefused() =>
        Assert.Contains("both forms", (await RefusedAsync("--int8-profile", "x.json")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Quantize_ProfilesForThisMachine_AreRefused() =>
        Assert.Contains("measured here", (await RefusedAsync("--float-profile", "x.json", "--int8-profile", "x.json", "--target", "this-machine")).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Quantize_FileThatIsNoReport_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["bad.json"], "{\"operators\": [", TestContext.Current.CancellationToken);

        Assert.Contains("is no report", (await RefusedAsync("--float-profile", _folder["bad.json"], "--int8-profile", _folder["bad.json"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantize_FloatProfileOfAnotherFile_IsRefused()
    {
        var (inFloat, inInt8) = await ProfilesAsync(times: 1);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(inFloat, TestContext.Current.CancellationToken))!;
        report["modelSha256"] = new string('0', 64);
        await File.WriteAllTextAsync(inFloat, report.ToJsonString(), TestContext.Current.CancellationToken);

        Assert.Contains("SHA-256", (await RefusedAsync("--float-profile", inFloat, "--int8-profile", inInt8)).Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Reports of both forms of the sample; every operator takes ten microseconds in float, and a multiple of that in int8.</summary>
    private async Task<(string Float, string Int8)> ProfilesAsync(double times)
    {
        var nodes = OnnxFile.Read(Sample.Model).Graph.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm" or "MaxPool").ToList();
        return (
            await WriteAsync("float.json", [.. nodes.Select(n => Time("fused " + n.Label, n.OperatorType, 10))]),
            await WriteAsync("int8.json", [.. nodes.Select(n => Time(n.Label + "_token_3", n.OperatorType switch { "Conv" => "QLinearConv", "Gemm" => "QGemm", var same => same }, 10 * times))]));
    }

    private async Task<string> WriteAsync(string name, IReadOnlyList<OperatorTime> operators)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Sample.Model, TestContext.Current.CancellationToken)));
        var report = await HistoryFixture.ReportAsync(1) with { ModelSha256 = sha256, Operators = operators, Verdict = new RunVerdict(RunValidity.Valid, []) };
        await File.WriteAllTextAsync(_folder[name], JsonSerializer.Serialize(report, ContractsJson.Default.ProfileReport), TestContext.Current.CancellationToken);
        return _folder[name];
    }

    private static OperatorTime Time(string node, string type, double microseconds) => new(node, type, TimeSpan.FromMicroseconds(microseconds), 0);

    private Task<RunningTool> RunAsync((string Float, string Int8) profiles, params string[] more) => DoneAsync(
        ["quantize", Sample.Model, "--data", Sample.Folder, "--samples", "32", "--no-compensation", "--no-bias-correction", "-o", _folder["planned.onnx"], "--float-profile", profiles.Float, "--int8-profile", profiles.Int8, .. more]);

    private static async Task<RunningTool> DoneAsync(params string[] args)
    {
        var tool = new RunningTool();
        Assert.True(await tool.RunAsync(args) == ExitCodes.Done, tool.Error);
        return tool;
    }

    private static async Task<RunningTool> RefusedAsync(params string[] more)
    {
        var tool = new RunningTool();
        Assert.NotEqual(ExitCodes.Done, await tool.RunAsync(["quantize", Sample.Model, "--data", Sample.Folder, .. more]));
        return tool;
    }
}
