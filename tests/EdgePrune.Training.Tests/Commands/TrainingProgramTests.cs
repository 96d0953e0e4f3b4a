using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>The process: one JSON request in, JSON lines out, a whole file or none.</summary>
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
        var (code, lines) = Run(Request() with { Recipe = Recipe(epochs: 2) });

        Assert.Equal(0, code);
        Assert.Equal(["progress", "progress", "epoch", "progress", "progress", "epoch", "finished"], lines.Select(l => l.GetProperty("event").GetString()));
        Assert.Equal(4, lines[4].GetProperty("step").GetInt32());
        Assert.Equal("Completed", lines[^1].GetProperty("end").GetString());
        Assert.Equal(Path("out.onnx"), lines[^1].GetProperty("output").GetString());
        Assert.Equal(2, lines[^1].GetProperty("epochs").GetArrayLength());
        Assert.NotEqual(File.ReadAllBytes(Path("in.onnx")), File.ReadAllBytes(Path("out.onnx")));
        Assert.Equal(TestModels.Mlp().ParameterCount, OnnxFile.Read(Path("out.onnx")).ParameterCount);
    }

    [TorchFact]
    public void Run_Diverged_WritesTheLastGoodWeightsAndSaysWhy()
    {
        var (code, lines) = Run(Request() with { Recipe = Recipe(learningRate: 1e30) });

        Assert.Equal(2, code);
        Assert.Equal("Diverged", lines[^1].GetProperty("end").GetString());
        Assert.Contains("learning rate", lines[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path("in.onnx")), File.ReadAllBytes(Path("out.onnx")));
    }

    [TorchFact]
    public void Run_Cancelled_ReturnsItsOwnCode_AndWritesModelAndCheckpoint()
    {
        var request = Request();
        request.Checkpoint = Path("state");

        var (code, lines) = Run(Json(request), new CancellationToken(canceled: true));

        Assert.Equal(130, code);
        Assert.Equal("Cancelled", lines[^1].GetProperty("end").GetString());
        Assert.Equal(File.ReadAllBytes(Path("in.onnx")), File.ReadAllBytes(Path("out.onnx")));
        Assert.True(File.Exists(Path("state")));
    }

    [TorchFact]
    public void Run_GradientsCancelled_ReturnsTheSameCode_AndWritesNothing()
    {
        var request = new GradientRequest(Path("in.onnx"), new SampleReference(Path("data.csv")), Path("out.json"), new GradientRecipe(), new GroupingOptions());

        var (code, lines) = Run(Json(request), new CancellationToken(canceled: true));

        Assert.Equal((130, "Cancelled"), (code, lines.Single().GetProperty("end").GetString()));
        Assert.False(File.Exists(Path("out.json")));
    }

    [TorchFact]
    public void Run_LinesThatNobodyReads_EndTheProcess()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Json(Request())));
        using var output = new System.IO.Pipes.AnonymousPipeServerStream();
        new System.IO.Pipes.AnonymousPipeClientStream(output.GetClientHandleAsString()).Dispose();

        Assert.Equal(1, TrainingProgram.Run(input, output, CancellationToken.None));
    }

    [TorchFact]
    public void Run_CompletedWithACheckpoint_LeavesNone()
    {
        var request = Request();
        request.Checkpoint = Path("state");

        Assert.Equal(0, Run(request).Code);
        Assert.False(File.Exists(Path("state")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("{\"verb\":\"fly\"}")]
    [InlineData("{\"verb\":\"finetune\"}")]
    [InlineData("{\"verb\":\"finetune\",\"model\":null,\"samples\":{\"data\":\"b\"},\"output\":\"c\",\"recipe\":{}}")]
    [InlineData("{\"verb\":\"finetune\",\"model\":\"a\",\"model\":\"b\",\"samples\":{\"data\":\"b\"},\"output\":\"c\",\"recipe\":{}}")]
    [InlineData("{\"verb\":\"finetune\",\"model\":\"a\",\"samples\":{\"data\":\"b\"},\"output\":\"c\",\"recipe\":{\"training\":{\"epochs\":\"many\"}}}")]
    public void Run_WhatIsNoRequest_FailsAndSaysWhatIsExpected(string json) => RequireRefusal(Run(json));

    [Fact]
    public void Run_RequestCutOffAnywhere_Fails()
    {
        var json = Json(Request());

        Assert.All(Enumerable.Range(0, json.Length / 16), i => RequireRefusal(Run(json[..(16 * i)])));
    }

    [Fact]
    public void Run_EndlessRequest_IsReadToItsLargestSizeOnly()
    {
        using var input = new EndlessText();
        using var output = new MemoryStream();

        Assert.Equal(1, TrainingProgram.Run(input, output, CancellationToken.None));
        Assert.Equal(RequestReader.Longest, input.Given);
    }

    [Fact]
    public void Run_InputThatStaysOpenAfterTheRequest_IsNotWaitedFor()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var input = new System.IO.Pipes.AnonymousPipeClientStream(pipe.GetClientHandleAsString());
        using var output = new MemoryStream();
        pipe.Write(Encoding.UTF8.GetBytes(Json(Request() with { Model = Path("none.onnx") })));

        Assert.Equal(1, TrainingProgram.Run(input, output, CancellationToken.None));
        Assert.Contains("1002", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.onnx", "data.csv")]
    [InlineData("in.onnx", "none.csv")]
    public void Run_FileThatDoesNotExist_FailsAndWritesNothing(string model, string data)
    {
        var (code, lines) = Run(new FineTuneRequest(Path(model), new SampleReference(Path(data)), Path("out.onnx"), new FineTuneRecipe()));

        Assert.Equal((1, 1002), (code, lines.Single().GetProperty("code").GetInt32()));
        Assert.False(File.Exists(Path("out.onnx")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void RequireRefusal((int Code, IReadOnlyList<JsonElement> Lines) answer)
    {
        Assert.Equal(1, answer.Code);
        Assert.Equal(("failed", 1001), (answer.Lines.Single().GetProperty("event").GetString(), answer.Lines[0].GetProperty("code").GetInt32()));
        Assert.Contains("docs/training.md", answer.Lines[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static FineTuneRecipe Recipe(int epochs = 1, double learningRate = 1e-3) =>
        new() { Training = new TrainingOptions { Epochs = epochs, LearningRate = learningRate, BatchSize = 20, Threads = 1 } };

    private static string Json(TrainingRequest request) => JsonSerializer.Serialize(request, TrainingJson.Default.TrainingRequest);

    private static (int Code, IReadOnlyList<JsonElement> Lines) Run(TrainingRequest request) => Run(Json(request));

    private static (int Code, IReadOnlyList<JsonElement> Lines) Run(string json, CancellationToken cancellation = default)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(json));
        using var output = new MemoryStream();
        var code = TrainingProgram.Run(input, output, cancellation);
        return (code, [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)]);
    }

    private FineTuneRequest Request() => new(Path("in.onnx"), new SampleReference(Path("data.csv")), Path("out.onnx"), Recipe());

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>A text that never ends: <c>{"aaaa...</c>.</summary>
    private sealed class EndlessText : MemoryStream
    {
        public int Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'a');
            "{\""u8.CopyTo(Given == 0 ? buffer : new byte[2]);
            Given += count;
            return count;
        }
    }
}
