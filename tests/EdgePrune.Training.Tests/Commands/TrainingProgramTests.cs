using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>The process: command line in, JSON lines out, a whole file or none.</summary>
public sealed class TrainingProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-training-").FullName;

    public TrainingProgramTests()
    {
        OnnxFile.Write(TestModels.Mlp(), Path("in.onnx"));
        var samples = new MemorySamples(40, 5, 10);
        var text = new StringBuilder("a,b,c,d,e,f,g,h,i,j,label\n");
        for (var s = 0; s < samples.Count; s++)
        {
            var row = new float[10];
            samples.Inputs[0].Read(s, row);
            text.Append(CultureInfo.InvariantCulture, $"{string.Join(',', row.Select(v => v.ToString(CultureInfo.InvariantCulture)))},{samples.Labels![s]}\n");
        }

        File.WriteAllText(Path("data.csv"), text.ToString());
    }

    [TorchFact]
    public void Run_FineTune_WritesTheModelAndItsLines()
    {
        var (code, lines) = Run("finetune", "--model", Path("in.onnx"), "--data", Path("data.csv"), "--out", Path("out.onnx"), "--epochs", "2", "--batch-size", "20", "--threads", "1", "--learning-rate", "1e-3");

        Assert.Equal(0, code);
        Assert.Equal(["progress", "progress", "progress", "progress", "finished"], lines.Select(l => l.GetProperty("event").GetString()));
        Assert.Equal(4, lines[3].GetProperty("step").GetInt32());
        Assert.Equal("completed", lines[4].GetProperty("outcome").GetString());
        Assert.Equal(2, lines[4].GetProperty("epochLosses").GetArrayLength());
        Assert.NotEqual(File.ReadAllBytes(Path("in.onnx")), File.ReadAllBytes(Path("out.onnx")));
        Assert.Equal(TestModels.Mlp().ParameterCount, OnnxFile.Read(Path("out.onnx")).ParameterCount);
    }

    [TorchFact]
    public void Run_Diverged_WritesTheLastGoodWeightsAndSaysWhy()
    {
        var (code, lines) = Run("finetune", "--model", Path("in.onnx"), "--data", Path("data.csv"), "--out", Path("out.onnx"), "--learning-rate", "1e30", "--threads", "1");

        Assert.Equal(2, code);
        Assert.Equal("diverged", lines[^1].GetProperty("outcome").GetString());
        Assert.Contains("learning rate", lines[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path("in.onnx")), File.ReadAllBytes(Path("out.onnx")));
    }

    [TorchFact]
    public void Run_Cancelled_ReturnsItsOwnCode()
    {
        var (code, lines) = Run(new CancellationToken(canceled: true), "finetune", "--model", Path("in.onnx"), "--data", Path("data.csv"), "--out", Path("out.onnx"), "--threads", "1");

        Assert.Equal(130, code);
        Assert.Equal("cancelled", lines[^1].GetProperty("outcome").GetString());
    }

    [Fact]
    public void Run_OutputThatExists_IsKept()
    {
        File.WriteAllText(Path("out.onnx"), "mine");

        var (code, lines) = Run("finetune", "--model", Path("in.onnx"), "--data", Path("data.csv"), "--out", Path("out.onnx"));

        Assert.Equal(1, code);
        Assert.Equal(1003, lines.Single().GetProperty("code").GetInt32());
        Assert.Equal("mine", File.ReadAllText(Path("out.onnx")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("finetune")]
    [InlineData("finetune --model a --data b")]
    [InlineData("finetune --model a --data b --out c --epochs")]
    [InlineData("finetune --model a --data b --out c --epochs many")]
    [InlineData("finetune --model a --data b --out c --epochs 2.5")]
    [InlineData("finetune --model a --data b --out c --learning-rate x")]
    [InlineData("finetune --model a --data b --out c --optimizer adam")]
    [InlineData("finetune --model a --data b --out c --split all")]
    [InlineData("finetune --model a --model b --data b --out c")]
    [InlineData("finetune --model a --data b --out c --speed 3")]
    public void Run_WrongCommandLine_FailsWithTheUsage(string text)
    {
        var (code, lines) = Run(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, code);
        Assert.Equal(("failed", 1001), (lines.Single().GetProperty("event").GetString(), lines[0].GetProperty("code").GetInt32()));
        Assert.Contains("Usage: finetune", lines[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ModelThatDoesNotExist_FailsAndWritesNothing()
    {
        var (code, lines) = Run("finetune", "--model", Path("none.onnx"), "--data", Path("data.csv"), "--out", Path("out.onnx"));

        Assert.Equal((1, 1002), (code, lines.Single().GetProperty("code").GetInt32()));
        Assert.False(File.Exists(Path("out.onnx")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, IReadOnlyList<JsonElement> Lines) Run(params string[] args) => Run(CancellationToken.None, args);

    private static (int Code, IReadOnlyList<JsonElement> Lines) Run(CancellationToken cancellation, params string[] args)
    {
        using var output = new MemoryStream();
        var code = TrainingProgram.Run(args, output, cancellation);
        return (code, [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)]);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);
}
