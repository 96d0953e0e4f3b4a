using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>The requests for training that prunes, the lottery ticket and gradients, from JSON to files.</summary>
public sealed class SparseVerbsTests : IDisposable
{
    private static readonly TrainingOptions Quick = new() { BatchSize = 20, Threads = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-training-").FullName;

    public SparseVerbsTests()
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
    public void Train_WithGradualMasks_WritesTheModelAndTheMaskBesideIt()
    {
        var recipe = new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.GradualMasks, Rate = 0.5 };

        var last = Run(new SparseTrainingRequest(Path("in.onnx"), Samples, Path("out.onnx"), recipe));

        Assert.Equal("finished", last.GetProperty("event").GetString());
        var model = OnnxFile.Read(Path("out.onnx"));
        var before = OnnxFile.ToBytes(model);
        SparsityMaskFile.Load(Path("out.mask.json")).ApplyTo(model);
        Assert.Equal(before, OnnxFile.ToBytes(model));
    }

    [TorchFact]
    public void Train_WithARate_WritesASmallerModel_AndSaysWhatWent()
    {
        var recipe = new SparseTrainingRecipe { Training = Quick, Method = SparseTrainingMethod.L2, Rate = 0.5 };

        var last = Run(new SparseTrainingRequest(Path("in.onnx"), Samples, Path("out.onnx"), recipe));

        Assert.True(OnnxFile.Read(Path("out.onnx")).ParameterCount < TestModels.Mlp().ParameterCount);
        Assert.Contains("channels were removed", last.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [TorchFact]
    public void Lottery_WritesTheReportAndTheTicket()
    {
        var request = new LotteryRequest(Path("in.onnx"), Samples, Path("report.json"), new LotteryRecipe { Training = Quick, Rounds = 1 }) { Ticket = Path("ticket.onnx") };

        Run(request);

        var report = JsonSerializer.Deserialize(File.ReadAllText(Path("report.json")), TrainingJson.Default.LotteryReport)!;
        Assert.Equal([0, 1], report.Rounds.Select(r => r.Round));
        Assert.Contains(OnnxFile.Read(Path("ticket.onnx")).Graph.Initializers, v => v.Constant!.ToFloats().Contains(0));
    }

    [TorchFact]
    public void Gradients_WritesTheScoresOfEveryGroup()
    {
        Run(new GradientRequest(Path("in.onnx"), Samples, Path("scores.json"), new GradientRecipe { OwnLabels = true }, new GroupingOptions()));

        var scores = JsonSerializer.Deserialize(File.ReadAllText(Path("scores.json")), TrainingJson.Default.GradientScores)!;
        Assert.Equal(ModelAnalysis.Of(TestModels.Mlp()).Groups.Select(g => g.Name), scores.Groups.Select(g => g.Group));
        Assert.Equal(40, scores.Samples);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private SampleReference Samples => new(Path("data.csv"));

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static JsonElement Run(TrainingRequest request)
    {
        using var input = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(request, TrainingJson.Default.TrainingRequest));
        using var output = new MemoryStream();

        var code = TrainingProgram.Run(input, output, TestContext.Current.CancellationToken);

        var last = Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n')[^1];
        Assert.True(code == 0, last);
        return JsonDocument.Parse(last).RootElement;
    }
}
