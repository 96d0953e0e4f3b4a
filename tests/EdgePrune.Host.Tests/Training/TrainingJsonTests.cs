using System.Text.Json;

namespace EdgePrune.Host.Tests;

/// <summary>What one process writes, the other reads.</summary>
public sealed class TrainingJsonTests
{
    public static TheoryData<TrainingLine> Lines =>
    [
        new TrainingProgress("fine-tuning", 1, 2, 3, 4, 0.5, 1e-3, null),
        new TrainingProgress("fine-tuning", 1, 2, 3, 4, 0.5, 1e-3, 7.5),
        new TrainingEpoch(1, 0.25, null),
        new TrainingEpoch(1, 0.25, 97.5),
        new TrainingFinished(TrainingEnd.Completed, 4, [], "out.onnx", null),
        new TrainingFinished(TrainingEnd.Diverged, 4, [], "out.onnx", "NaN at step 5.") { Note = "Nothing else." },
        new TrainingFailed(3002, "No labels."),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Line_WrittenAndRead_IsTheSame(TrainingLine line)
    {
        var json = JsonSerializer.Serialize(line, TrainingJson.Default.TrainingLine);

        Assert.DoesNotContain('\n', json);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, TrainingJson.Default.TrainingLine)!, TrainingJson.Default.TrainingLine));
    }

    [Fact]
    public void Request_OfEachVerb_WrittenAndRead_IsTheSame()
    {
        var samples = new SampleReference("digits") { Count = 7, Split = SampleSplit.Test };
        TrainingRequest[] requests =
        [
            new FineTuneRequest("a.onnx", samples, "b.onnx", new FineTuneRecipe()),
            new FineTuneRequest("a.onnx", samples, "b.onnx", new FineTuneRecipe { Distillation = new DistillationOptions(), Quantization = new QuantizationOptions { KeepFloat = new HashSet<string> { "fc" } } }) { Teacher = "t.onnx", Mask = "m.json", Checkpoint = "c", Validation = samples },
            new SparseTrainingRequest("a.onnx", samples, "b.onnx", new SparseTrainingRecipe { Method = SparseTrainingMethod.GroupLasso }),
            new LotteryRequest("a.onnx", samples, "b.json", new LotteryRecipe()) { Ticket = "t.onnx" },
            new GradientRequest("a.onnx", samples, "b.json", new GradientRecipe(), new GroupingOptions()),
        ];

        Assert.All(requests, request =>
        {
            var json = JsonSerializer.Serialize(request, TrainingJson.Default.TrainingRequest);
            var read = JsonSerializer.Deserialize(json, TrainingJson.Default.TrainingRequest)!;
            Assert.Equal(request.GetType(), read.GetType());
            Assert.Equal(json, JsonSerializer.Serialize(read, TrainingJson.Default.TrainingRequest));
        });
    }

    [Fact]
    public void Results_WrittenAndRead_AreTheSame()
    {
        var report = JsonSerializer.Serialize(new LotteryReport([new LotteryRound(0, 10, 10, 98, null), new LotteryRound(1, 5, 10, 97, 90)]), TrainingJson.Default.LotteryReport);
        var scores = JsonSerializer.Serialize(new GradientScores([new GroupGradients("g", [1, 2], [3, 4])], 5), TrainingJson.Default.GradientScores);

        Assert.Equal(report, JsonSerializer.Serialize(JsonSerializer.Deserialize(report, TrainingJson.Default.LotteryReport)!, TrainingJson.Default.LotteryReport));
        Assert.Equal(scores, JsonSerializer.Serialize(JsonSerializer.Deserialize(scores, TrainingJson.Default.GradientScores)!, TrainingJson.Default.GradientScores));
    }
}
