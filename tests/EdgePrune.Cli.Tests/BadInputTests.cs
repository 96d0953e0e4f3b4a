using System.Net;
using System.Net.Sockets;

namespace EdgePrune.Cli.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Theory]
    [InlineData(2, "EP1001", "--rate", "abc")]
    [InlineData(2, "EP1001", "--rate", "1")]
    [InlineData(2, "EP1001", "--rate", "-0.1")]
    [InlineData(2, "EP1001", "--criterion", "taste")]
    [InlineData(2, "EP1001", "--samples", "0")]
    [InlineData(2, "EP1001", "--rat", "0.5")]
    [InlineData(2, "EP1101", "--target", "rasberry-pi-4")]
    [InlineData(2, "EP1002", "--data", "no-such-folder")]
    [InlineData(2, "EP1002", "--plan", "no-such-plan.json")]
    public async Task Prune_WithAWrongOption_NamesTheCode(int exit, string code, string option, string value) =>
        await RequireErrorAsync(exit, code, "prune", Sample.Model, "-o", _folder["out.onnx"], option, value);

    [Theory]
    [InlineData(2, "EP1001", "--rate", "1")]
    [InlineData(2, "EP1001", "--pattern", "4:2")]
    [InlineData(2, "EP1001", "--method", "taste")]
    [InlineData(2, "EP1001", "--scope", "world")]
    [InlineData(2, "EP1001", "--samples", "0")]
    [InlineData(2, "EP3003", "--method", "wanda")]
    [InlineData(2, "EP1002", "--data", "no-such-folder")]
    public async Task Sparsify_WithAWrongOption_NamesTheCode(int exit, string code, string option, string value) =>
        await RequireErrorAsync(exit, code, "sparsify", Sample.Model, "-o", _folder["out.onnx"], option, value);

    [Theory]
    [InlineData("float8", "weights8")]
    [InlineData("int8,float8", "weights8")]
    [InlineData("auto,int8", "auto chooses")]
    [InlineData(",", "names nothing")]
    public async Task Tune_WithAWrongPrecision_SaysWhatThereIs(string precision, string words)
    {
        var tool = await RequireErrorAsync(ExitCodes.Input, "EP1001", "tune", Sample.Model, "--data", Sample.Folder, "--out", _folder["out"], "--precision", precision);

        Assert.Contains(words, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_UnknownTarget_NamesTheNearest()
    {
        var tool = new RunningTool();
        await tool.RunAsync("prune", Sample.Model, "-o", _folder["out.onnx"], "--target", "rasberry-pi-4");

        Assert.Contains("'raspberry-pi-4'", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_UnknownVerb_NamesTheNearest()
    {
        var tool = await RequireErrorAsync(ExitCodes.Input, "EP1001", "prnue");

        Assert.Contains("'prune'", tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("plan")]
    [InlineData("prune")]
    [InlineData("evaluate", "--data", "x")]
    public async Task Verb_MissingModel_IsAnInputError(string verb, params string[] more) =>
        await RequireErrorAsync(ExitCodes.Input, "EP1002", [verb, _folder["none.onnx"], .. more]);

    [Fact]
    public async Task Inspect_NotAnOnnxFile_IsAModelError() =>
        await RequireErrorAsync(ExitCodes.Model, "EP2001", "inspect", _folder.Write("text.onnx", "This is no model at all, whatever its name says."u8.ToArray()));

    [Fact]
    public async Task Prune_TruncatedModel_IsAModelErrorAndWritesNothing()
    {
        var bytes = await File.ReadAllBytesAsync(Sample.Model);
        var cut = _folder.Write("cut.onnx", bytes[..(bytes.Length / 2)]);

        await RequireErrorAsync(ExitCodes.Model, "EP20", "prune", cut);
        Assert.Equal(["cut.onnx"], _folder.Files);
    }

    [Fact]
    public async Task Prune_OutputExists_IsRefusedBeforeTheWork()
    {
        var output = _folder.Write("out.onnx", [1, 2, 3]);

        await RequireErrorAsync(ExitCodes.Input, "EP1003", "prune", Sample.Model, "-o", output);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(output));
    }

    [Fact]
    public async Task Prune_OutputIsTheInput_IsRefused() =>
        await RequireErrorAsync(ExitCodes.Input, "EP1003", "prune", Sample.Model, "-o", Sample.Model);

    [Fact]
    public async Task Prune_PlanOfAnotherModel_IsAMismatch()
    {
        var plan = _folder["plan.json"];
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("plan", Sample.Model, "-o", plan));
        var text = await File.ReadAllTextAsync(plan);
        var at = text.IndexOf("\"modelSha256\": \"", StringComparison.Ordinal) + "\"modelSha256\": \"".Length;
        await File.WriteAllTextAsync(plan, text[..at] + new string('0', 64) + text[(at + 64)..]);

        await RequireErrorAsync(ExitCodes.Input, "EP1105", "prune", Sample.Model, "--plan", plan, "-o", _folder["out.onnx"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    [InlineData("null")]
    public async Task Prune_MalformedPlan_IsAMismatch(string json) =>
        await RequireErrorAsync(ExitCodes.Input, "EP1105", "prune", Sample.Model, "--plan", _folder.Write("plan.json", System.Text.Encoding.UTF8.GetBytes(json)), "-o", _folder["out.onnx"]);

    [Theory]
    [InlineData("EP1104", "latency=0ms")]
    [InlineData("EP1103", "latncy=50ms")]
    [InlineData("EP1103", "loss=lots")]
    public async Task Tune_WrongBudget_IsAnInputError(string code, string budget) =>
        await RequireErrorAsync(ExitCodes.Input, code, "tune", Sample.Model, "--data", Sample.Folder, "--budget", budget, "--out", _folder["out"]);

    [Fact]
    public async Task Evaluate_EmptyFolder_HasNoSamples()
    {
        Directory.CreateDirectory(_folder["empty"]);

        await RequireErrorAsync(ExitCodes.Input, "EP3003", "evaluate", Sample.Model, "--data", _folder["empty"]);
    }

    [Fact]
    public async Task Profile_NeitherModelNorDevice_SaysWhatIsMissing() => await RequireErrorAsync(ExitCodes.Input, "EP1001", "profile");

    [Fact]
    public async Task Profile_DurationWithoutUnit_SaysHowToWriteIt() =>
        await RequireErrorAsync(ExitCodes.Input, "EP1001", "profile", Sample.Model, "--window", "5");

    [Theory]
    [InlineData("--against", "{model}", "--sweep", "threads")]
    [InlineData("--against", "{model}", "--baseline", "report.json")]
    [InlineData("--sweep", "affinity")]
    [InlineData("--streams", "0")]
    [InlineData("--streams", "2", "--period", "10 ms")]
    [InlineData("--period", "10 min")]
    public async Task Profile_ModesThatDoNotFit_AreInputErrors(params string[] options) =>
        await RequireErrorAsync(ExitCodes.Input, "EP1001", ["profile", Sample.Model, .. options.Select(o => o == "{model}" ? Sample.Model : o)]);

    [Fact]
    public async Task Profile_MissingReferenceOrBaseline_IsNamed()
    {
        await RequireErrorAsync(ExitCodes.Input, "EP1002", "profile", Sample.Model, "--against", _folder["absent.onnx"]);
        await RequireErrorAsync(ExitCodes.Input, "EP1002", "profile", Sample.Model, "--baseline", _folder["absent.json"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    [InlineData("{\"latency\":{\"p50\":null}}")]
    public async Task Profile_BaselineThatIsNoReport_SaysSo(string json) =>
        await RequireErrorAsync(ExitCodes.Input, "EP1001", "profile", Sample.Model, "--baseline", _folder.Write("report.json", System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task Quickstart_MissingAgent_SaysHowToBuildIt()
    {
        var tool = new RunningTool();
        tool.Environment[AgentProgram.Variable] = _folder["no-agent"];

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("quickstart", "--out", _folder["out"]));
        Assert.Contains("EP1002", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_HubUnreachable_IsANetworkError()
    {
        var bundle = await SignedBundleAsync();
        var tool = new RunningTool();
        tool.Environment[OperatorOptions.TokenVariable] = "an-operator-token-of-this-test";
        // Bound without listening, so that nobody else can get the port meanwhile.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;

        var code = await tool.RunAsync("push", bundle, "--hub", $"http://127.0.0.1:{port}", "--device", "nobody");

        Assert.Equal(ExitCodes.Network, code);
        Assert.StartsWith("EP4001: ", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_WithoutToken_SaysWhereItComesFrom()
    {
        var tool = await RequireErrorAsync(ExitCodes.Input, "EP1001", "push", await SignedBundleAsync(), "--hub", "http://127.0.0.1:1", "--device", "nobody");

        Assert.Contains(OperatorOptions.TokenVariable, tool.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<RunningTool> RequireErrorAsync(int exit, string code, params string[] args)
    {
        var tool = new RunningTool();
        var got = await tool.RunAsync(args);
        Assert.Contains(code, tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", tool.Error, StringComparison.Ordinal);
        Assert.Equal(exit, got);
        return tool;
    }

    private async Task<string> SignedBundleAsync()
    {
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("keys", "create", _folder["key.pem"]));
        var tool = new RunningTool();
        Assert.True(await tool.RunAsync("bundle", "pack", Sample.Model, "--key", _folder["key.pem"], "-o", _folder["model.epb"]) == ExitCodes.Done, tool.Error);
        return _folder["model.epb"];
    }
}
