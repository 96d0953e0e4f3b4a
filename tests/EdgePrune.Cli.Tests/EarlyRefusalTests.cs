using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli.Tests;

/// <summary>What model and options alone make impossible is refused before a hub, an agent or a training program is started.</summary>
public sealed class EarlyRefusalTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    public static TheoryData<string, string[]> Refusals => new()
    {
        { "EP2302", ["tune", "QUANTIZED"] },
        { "EP2302", ["tune", "QUANTIZED", "--recover", "finetune"] },
        { "EP1001", ["tune", "MODEL", "--recover", "finetune", "--limit", "no-such-group=0.5"] },
        { "EP1001", ["tune", "MODEL", "--recover", "finetune", "--hub", "http://127.0.0.1:9", "--device", "door"] },
        { "EP2302", ["study", "QUANTIZED", "--epochs", "1"] },
        { "EP1002", ["study", "no-such.onnx", "--epochs", "1"] },
        { "EP1001", ["study", "MODEL", "--epochs", "1", "--jobs", "0"] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Verb_ThatCannotGoOn_StartsNothing(string code, string[] words)
    {
        // Whoever seeks a program says that it does not exist, which is another code.
        var tool = new RunningTool { Environment = { ["EDGEPRUNE_TRAINER"] = _folder["no-such-trainer"], ["EDGEPRUNE_AGENT"] = _folder["no-such-agent"] } };
        string[] args = [.. words.Select(Word), "--data", Sample.Folder, "--out", _folder["out"]];

        var exit = await tool.RunAsync(args);

        Assert.Contains(code, tool.Error, StringComparison.Ordinal);
        Assert.NotEqual(ExitCodes.Done, exit);
        Assert.DoesNotContain("Starting", tool.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("prune", "--recover", "finetune")]
    [InlineData("plan", "--criterion", "taylor")]
    [InlineData("sensitivity", "--criterion", "taylor")]
    public async Task Verb_ThatWouldTrain_RefusesAQuantizedModelBeforeTheTrainingProgramIsSought(params string[] words)
    {
        var tool = new RunningTool { Environment = { ["EDGEPRUNE_TRAINER"] = _folder["no-such-trainer"] } };

        Assert.Equal(ExitCodes.Model, await tool.RunAsync([words[0], Quantized(), "--data", Sample.Folder, .. words[1..]]));
        Assert.Contains("EP2302", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_StateFolderOfAnother_IsRefusedAndLeft()
    {
        Directory.CreateDirectory(_folder["out/agent"]);
        _folder.Write("out/agent/mine.txt", [1]);
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("tune", Sample.Model, "--data", Sample.Folder, "--out", _folder["out"]));
        Assert.DoesNotContain("Starting", tool.Error, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], _folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    private string Word(string word) => word switch
    {
        "MODEL" => Sample.Model,
        "QUANTIZED" => Quantized(),
        _ => word,
    };

    private string Quantized() => _folder.Write("int8.onnx", OnnxFile.ToBytes(PrecisionConversions.Find("dynamic").Convert(OnnxFile.Read(Sample.Model), TestContext.Current.CancellationToken).Model));
}
