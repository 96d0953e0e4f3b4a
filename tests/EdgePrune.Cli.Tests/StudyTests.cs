using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Cli.Tests;

public sealed class StudyTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Fact]
    public void View_OfAStudy_IsTheApprovedTable()
    {
        var report = StudyFile.Read(RepositoryFiles.Find("tests/EdgePrune.Host.Tests/Study/Approved/study.json.approved.txt"));
        using var text = new StringWriter();
        StudyView.Print(new Screen(new ToolShell { Out = text, Error = TextWriter.Null }, isJson: false), report);

        ApprovedText.Require("Tables", "study", text.ToString());
    }

    [Fact]
    public async Task Study_OfUntrainedModels_ShowsTheTableAndWritesTheFiles()
    {
        var tool = new RunningTool();
        var code = await tool.RunAsync(Words("--epochs", "0", "--no-repair"));

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Contains("unstructured 50 %", tool.Out, StringComparison.Ordinal);
        Assert.Contains("structured 50 %, no repair", tool.Out, StringComparison.Ordinal);
        Assert.Contains("210,938 / 421,642", tool.Out, StringComparison.Ordinal);
        Assert.Contains("0 of 4 cells", tool.Error, StringComparison.Ordinal);
        Assert.Contains("4 of 4 cells", tool.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tool.Out + tool.Error);
        Assert.Superset(new HashSet<string> { "study.csv", "study.html", "study.json" }, _folder.Files.ToHashSet());
        Assert.Equal(4, StudyFile.Read(_folder["out/study.json"]).Cells.Count);
    }

    [Theory]
    [InlineData("dynamic,weights4", new[] { "original", "original + dynamic", "original + weights4" })]
    [InlineData("auto", new[] { "original", "original + int8" })]
    public async Task Study_WithPrecisions_HasARowOfEach(string precisions, string[] expected)
    {
        var tool = new RunningTool();
        var words = Words("--epochs", "0", "--json").ToList();
        words[words.IndexOf("--precisions") + 1] = precisions;
        var code = await tool.RunAsync([.. words]);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(expected, StudyFile.Read(_folder["out/study.json"]).Rows.Where(r => r.Rate == 0).Select(r => r.Name));
    }

    [Fact]
    public async Task Study_Json_IsTheFile()
    {
        var tool = new RunningTool { Trainer = new Still() };
        var code = await tool.RunAsync(Words("--json"));

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal((await File.ReadAllTextAsync(_folder["out/study.json"], TestContext.Current.CancellationToken)).TrimEnd(), tool.Out.TrimEnd());
        Assert.Equal(5, tool.Json.GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task Study_WithATrainerThatFails_WritesTheRestAndSaysSo()
    {
        var tool = new RunningTool { Trainer = new Still { OnCall = () => throw new InputException(ErrorCode.TrainingUnavailable, "There is no libtorch.") } };
        var code = await tool.RunAsync(Words());

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("failed. EP1107: There is no libtorch.", tool.Out, StringComparison.Ordinal);
        Assert.Equal(3, StudyFile.Read(_folder["out/study.json"]).Cells.Count(c => c.Figures is not null));
    }

    [Fact]
    public async Task Study_Stopped_KeepsFinishedCellsAndGoesOn()
    {
        using var stop = new CancellationTokenSource();
        var first = new RunningTool { Trainer = new Still { OnCall = stop.Cancel } };

        Assert.Equal(ExitCodes.Cancelled, await first.RunAsync(Words(), stop.Token));
        Assert.Contains("the same command goes on from there", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("study.json", _folder.Files);
        Assert.DoesNotContain(_folder.Files, f => f.EndsWith(".partial", StringComparison.Ordinal));
        Assert.Equal(3, Directory.EnumerateFiles(_folder["out/cells"]).Count());

        var second = new RunningTool { Trainer = new Still() };
        Assert.Equal(ExitCodes.Done, await second.RunAsync(Words()));
        Assert.Contains("3 of 5 cells; starting", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_AfterAStudy_RestsOnIt()
    {
        Assert.Equal(ExitCodes.Done, await new RunningTool { Trainer = new Still() }.RunAsync(Words()));
        string[] words = ["advise", Sample.Model, "--target", "raspberry-pi-4", "--need", "memory", "--json"];
        var cached = new RunningTool();
        Assert.Equal(ExitCodes.Done, await cached.RunAsync([.. words, "--cache", _folder["cache"]]));
        var named = new RunningTool();
        Assert.Equal(ExitCodes.Done, await named.RunAsync([.. words, "--study", _folder["out/study.json"]]));
        var without = new RunningTool();
        Assert.Equal(ExitCodes.Done, await without.RunAsync([.. words, "--cache", _folder["none"]]));

        Assert.Equal("measured-study", cached.Json.GetProperty("advice")[0].GetProperty("rule").GetString());
        Assert.Equal(cached.Out, named.Out);
        Assert.DoesNotContain("measured-study", without.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_WithTheStudyOfAnotherModel_IsAnInputError()
    {
        Assert.Equal(ExitCodes.Done, await new RunningTool { Trainer = new Still() }.RunAsync(Words()));
        var other = _folder.Write("other.onnx", OnnxFile.ToBytes(TestModels.MnistCnnLike()));
        var tool = new RunningTool();

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("advise", other, "--study", _folder["out/study.json"]));
        Assert.Contains("EP1105", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Study_WithoutLabels_AsksForThemOrForDistillation()
    {
        GraphBuilder g = new(1);
        g.Output(g.Gemm(g.Relu(g.Gemm(g.Input(1, 8), 6)), 4));
        var model = _folder.Write("model.onnx", OnnxFile.ToBytes(g.Build()));
        await File.WriteAllLinesAsync(_folder["samples.csv"], Enumerable.Range(0, 24).Select(i => string.Join(',', Enumerable.Range(0, 8).Select(j => (i * j) % 7))), TestContext.Current.CancellationToken);
        string[] words = ["study", model, "--data", _folder["samples.csv"], "--out", _folder["out"], "--cache", _folder["cache"], "--no-time", "--rates", "0.5", "--epochs", "1"];
        var asked = new RunningTool { Trainer = new Still() };
        Assert.Equal(ExitCodes.Input, await asked.RunAsync(words));
        Assert.Contains("--distill", asked.Error, StringComparison.Ordinal);

        var distilled = new RunningTool { Trainer = new Still() };
        Assert.True(await distilled.RunAsync([.. words, "--distill"]) == ExitCodes.Done, distilled.Error);
        Assert.Contains("agreement", distilled.Out, StringComparison.Ordinal);
        Assert.Contains("promise too much", distilled.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rates", "half")]
    [InlineData("--rates", "1")]
    [InlineData("--rates", "")]
    [InlineData("--epochs", "1.5")]
    [InlineData("--epochs", "-1")]
    [InlineData("--methods", "lottery")]
    [InlineData("--precisions", "int4")]
    [InlineData("--precisions", "auto,int8")]
    [InlineData("--seeds", ",")]
    [InlineData("--jobs", "0")]
    [InlineData("--train-samples", "0")]
    [InlineData("--tolerance", "-1")]
    [InlineData("--criterion", "luck")]
    [InlineData("--label-weight", "0.5")]
    [InlineData("--learning-rate", "0")]
    public async Task Study_WithAWrongOption_IsAnInputError(string option, string value)
    {
        var tool = new RunningTool { Trainer = new Still() };

        Assert.Equal(ExitCodes.Input, await tool.RunAsync("study", Sample.Model, "--data", Sample.Folder, "--out", _folder["out"], "--no-time", option, value));
        Assert.Contains("EP1001", tool.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    private string[] Words(params string[] more) =>
    [
        "study", Sample.Model, "--data", Sample.Folder, "--out", _folder["out"], "--cache", _folder["cache"], "--no-time", "--rates", "0.5", "--per-layer", "--criterion", "l2",
        "--samples", "32", "--train-samples", "64", "--precisions", "float32", "--jobs", "1", .. more.Contains("--epochs") ? [] : new[] { "--epochs", "1" }, .. more,
    ];

    /// <summary>Gives every model back as it came.</summary>
    private sealed class Still : ITrainer
    {
        public Action? OnCall { get; init; }

        public TrainedModel FineTune(Model student, TrainingAids aids, FineTuneRecipe recipe, IProgress<TrainingLine>? progress, CancellationToken cancellationToken)
        {
            OnCall?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return new TrainedModel(student, new TrainingFinished(TrainingEnd.Completed, 1, [], "", null));
        }

        public GradientScores MeasureGradients(ModelAnalysis analysis, GradientRecipe recipe, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
