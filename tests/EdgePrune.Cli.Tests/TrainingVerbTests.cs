using System.Text.Json;
using EdgePrune.Host;

namespace EdgePrune.Cli.Tests;

/// <summary>The verbs that train, with a script in the place of the training program.</summary>
public sealed class TrainingVerbTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    public TrainingVerbTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The training program of these tests is a shell script.");

    [Fact]
    public async Task FineTune_OnTheSample_AsksForItAndScoresBeforeAndAfter()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "finetune", Sample.Model, "--data", Sample.Folder, "--epochs", "2", "--schedule", "step", "--optimizer", "sgd", "--shift", "2", "--flip", "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var test = tool.Json.GetProperty("test");
        Assert.Equal(99.14, test.GetProperty("before").GetDouble(), 2);
        Assert.Equal(99.14, test.GetProperty("after").GetDouble(), 2);
        Assert.Equal(98, tool.Json.GetProperty("epochs")[0].GetProperty("score").GetDouble());
        var request = Assert.IsType<FineTuneRequest>(Asked());
        Assert.Equal((2, LearningSchedule.Step, TrainingOptimizer.Sgd), (request.Recipe.Training.Epochs, request.Recipe.Training.Schedule, request.Recipe.Training.Optimizer));
        Assert.Equal((2, true), (request.Recipe.Training.Augmentation.Shift, request.Recipe.Training.Augmentation.Flip));
        Assert.Equal(SampleSplit.Train, request.Samples.Split);
        Assert.Equal(_folder["out.onnx.checkpoint"], request.Checkpoint);
        Assert.Null(request.Recipe.Distillation);
        Assert.Equal(await File.ReadAllBytesAsync(Sample.Model, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["out.onnx"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FineTune_WithATeacherMaskAndInt8_AsksForThem()
    {
        Assert.Equal(ExitCodes.Done, await new RunningTool().RunAsync("sparsify", Sample.Model, "-o", _folder["sparse.onnx"], "--mask", _folder["mask.json"]));

        var (code, tool) = await RunAsync(FakeProgram.Echo, "finetune", _folder["sparse.onnx"], "--data", Unlabelled(), "--teacher", Sample.Model, "--temperature", "2", "--feature-weight", "0.5", "--mask", _folder["mask.json"], "--int8");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var request = Assert.IsType<FineTuneRequest>(Asked());
        Assert.Equal((Path.GetFullPath(Sample.Model), _folder["mask.json"]), (request.Teacher, request.Mask));
        Assert.Equal((2, 0.5, 0), (request.Recipe.Distillation!.Temperature, request.Recipe.Distillation.FeatureWeight, request.Recipe.Distillation.LabelWeight));
        Assert.NotNull(request.Recipe.Quantization);
        Assert.Contains("not measured", tool.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EP1001", "--epochs", "0")]
    [InlineData("EP1001", "--learning-rate", "-1")]
    [InlineData("EP1001", "--patience", "2")]
    [InlineData("EP1001", "--temperature", "2")]
    [InlineData("EP1001", "--noise", "7")]
    [InlineData("EP1002", "--teacher", "none.onnx")]
    [InlineData("EP1002", "--mask", "none.json")]
    [InlineData("EP1002", "--labels", "none.npy")]
    public async Task FineTune_WithAWrongOption_NamesTheCodeBeforeAnythingStarts(string error, string option, string value)
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "finetune", Sample.Model, "--data", Sample.Folder, option, value);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains(error, tool.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["request.json"]));
    }

    [Theory]
    [InlineData("finetune")]
    [InlineData("train")]
    [InlineData("lottery")]
    [InlineData("finetune", "--teacher", "MODEL", "--label-weight", "0.5")]
    public async Task Verb_WithoutLabels_SaysWhatToGive(string verb, params string[] more)
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, [verb, Sample.Model, "--data", Unlabelled(), .. more.Select(m => m == "MODEL" ? Sample.Model : m)]);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("EP3002", tool.Error, StringComparison.Ordinal);
        Assert.Contains("--labels", tool.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["request.json"]));
    }

    [Fact]
    public async Task FineTune_Diverged_WritesTheLastGoodWeightsAndSaysAtWhichStep()
    {
        const string Diverged = """cp "$model" "$output"; echo '{"event":"finished","end":"Diverged","steps":41,"epochs":[],"output":"x","reason":"The loss of step 42 is NaN. Lower the learning rate."}'""";
        var (code, tool) = await RunAsync(Diverged, "finetune", Sample.Model, "--data", Sample.Folder);

        Assert.Equal(ExitCodes.Diverged, code);
        Assert.Contains("step 42", tool.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public async Task FineTune_AnOperatorWithoutDerivative_IsTheModelsFaultAndNothingIsWritten()
    {
        var (code, tool) = await RunAsync("""echo '{"event":"failed","code":2005,"message":"Operator Foo of node bar has no derivative."}'""", "finetune", Sample.Model, "--data", Sample.Folder);

        Assert.Equal(ExitCodes.Model, code);
        Assert.Contains("EP2005: Operator Foo of node bar", tool.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public async Task FineTune_Interrupted_KeepsTheCheckpointAndGoesOnFromIt()
    {
        const string Step = """echo '{"event":"progress","phase":"fine-tuning","epoch":1,"epochs":1,"step":1,"steps":2,"loss":0.5,"learningRate":0.001}'""";
        using var stop = new CancellationTokenSource();
        var first = Tool(FakeProgram.Write(_folder, $"touch \"$checkpoint\"; trap 'kill $!; exit 130' TERM; touch '{_folder["started"]}'; {Step}; {FakeProgram.Hang} > /dev/null & wait", "hang.sh"));
        var running = first.RunAsync(["finetune", Sample.Model, "--data", Sample.Folder, "-o", _folder["out.onnx"]], stop.Token);
        while (!File.Exists(_folder["started"]) && !running.IsCompleted)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Cancelled, await running);
        Assert.Contains("goes on from there", first.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.onnx"]));
        FakeProgram.RequireGone(_folder);

        var (code, second) = await RunAsync($"[ -f \"$checkpoint\" ] && {FakeProgram.Echo}", "finetune", Sample.Model, "--data", Sample.Folder);
        Assert.True(code == ExitCodes.Done, second.Error);
        Assert.Contains("Going on from the checkpoint", second.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.onnx.checkpoint"]));
    }

    [Fact]
    public async Task FineTune_Restarted_IgnoresTheCheckpoint()
    {
        _folder.Write("state", [1]);

        var (code, tool) = await RunAsync($"[ ! -f \"$checkpoint\" ] && {FakeProgram.Echo}", "finetune", Sample.Model, "--data", Sample.Folder, "--checkpoint", _folder["state"], "--restart");

        Assert.True(code == ExitCodes.Done, tool.Error);
    }

    [Fact]
    public async Task FineTune_AProgramThatWritesNothing_IsAnError()
    {
        var (code, tool) = await RunAsync(FakeProgram.Finish, "finetune", Sample.Model, "--data", Sample.Folder);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("EP1108", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithAMethod_AsksForIt()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "train", Sample.Model, "--data", Sample.Folder, "--from-scratch", "--method", "group-lasso", "--strength", "0.01", "--rate", "0.5", "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var recipe = Assert.IsType<SparseTrainingRequest>(Asked()).Recipe;
        Assert.Equal((true, SparseTrainingMethod.GroupLasso, 0.01, 0.5), (recipe.FromScratch, recipe.Method, recipe.Strength, recipe.Rate));
        Assert.Equal(421_642, tool.Json.GetProperty("parametersAfter").GetInt64());
    }

    [Fact]
    public async Task Lottery_WithRounds_ShowsTheTable()
    {
        const string Table = """{"rounds":[{"round":0,"nonZero":100,"parameters":100,"ticket":98.5},{"round":1,"nonZero":50,"parameters":100,"ticket":98.25,"random":91.125}]}""";
        var (code, tool) = await RunAsync($"echo '{Table}' > \"$output\"; {FakeProgram.Finish}", "lottery", Sample.Model, "--data", Sample.Folder, "--rounds", "1", "--rewind-step", "5", "--ticket", _folder["ticket.onnx"]);

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Contains("98.25", tool.Out, StringComparison.Ordinal);
        Assert.Contains("91.13", tool.Out, StringComparison.Ordinal);
        var request = Assert.IsType<LotteryRequest>(Asked());
        Assert.Equal((1, 5, _folder["ticket.onnx"]), (request.Recipe.Rounds, request.Recipe.RewindStep, request.Ticket));
        Assert.Equal(SampleSplit.Test, request.Validation!.Split);
        Assert.NotEmpty(JsonSerializer.Deserialize(await File.ReadAllTextAsync(_folder["out.onnx"], TestContext.Current.CancellationToken), TrainingJson.Default.LotteryReport)!.Rounds);
    }

    [Fact]
    public async Task Lottery_ATableThatCannotBeRead_IsAnError()
    {
        var (code, tool) = await RunAsync($"echo '[]' > \"$output\"; {FakeProgram.Finish}", "lottery", Sample.Model, "--data", Sample.Folder);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("EP1108", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_Distilling_TrainsAfterEachStepAndSaysSo()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "prune", Sample.Model, "--rate", "0.4", "--steps", "2", "--recover", "distill", "--epochs", "3", "--data", Sample.Folder, "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        Assert.Equal(2, tool.Json.GetProperty("training").GetArrayLength());
        Assert.All(tool.Json.GetProperty("training").EnumerateArray(), t => Assert.True(t.GetProperty("kept").GetBoolean()));
        var request = Assert.IsType<FineTuneRequest>(Asked());
        Assert.Equal((3, false), (request.Recipe.Training.Epochs, request.Recipe.Distillation is null));
        Assert.False(File.Exists(request.Model), "The temporary folder is left.");

        // What decides is not learnt from.
        var all = (request.Samples with { Count = null }).Open().Count;
        Assert.Equal(all - Math.Min(1024, all / 8), request.Samples.Count);
    }

    [Theory]
    [InlineData("EP1001", "--epochs", "2")]
    [InlineData("EP1001", "--recover", "magic")]
    [InlineData("EP1001", "--label-weight", "0.5")]
    [InlineData("EP1001", "--max-loss", "-1")]
    [InlineData("EP1001", "--evaluate", "score {model}")]
    [InlineData("EP3003", "--recover", "distill")]
    [InlineData("EP3003", "--max-loss", "1")]
    public async Task Prune_WithAWrongRecovery_NamesTheCode(string error, string option, string value)
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "prune", Sample.Model, option, value);

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains(error, tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_FineTuningWithoutLabels_SaysWhatToGive()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "prune", Sample.Model, "--recover", "finetune", "--data", Unlabelled());

        Assert.Equal(ExitCodes.Input, code);
        Assert.Contains("EP3002", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_WithALimit_TakesTheLastGoodModelAndSaysAtWhichStep()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "prune", Sample.Model, "--rate", "0.9", "--steps", "2", "--per-layer", "--max-loss", "0.3", "--data", Sample.Folder, "--json");

        Assert.True(code == ExitCodes.Done, tool.Error);
        var limit = tool.Json.GetProperty("limit");
        Assert.Equal(1, limit.GetProperty("lastGood").GetInt32());
        Assert.Equal(2, limit.GetProperty("steps").GetArrayLength());
        Assert.Equal(0.45, tool.Json.GetProperty("plan").GetProperty("rate").GetDouble(), 9);
    }

    [Fact]
    public async Task Prune_WhoseFirstStepIsTooMuch_WritesNothing()
    {
        var (code, tool) = await RunAsync(FakeProgram.Echo, "prune", Sample.Model, "--rate", "0.9", "--per-layer", "--max-loss", "0.1", "--data", Sample.Folder);

        Assert.Equal(ExitCodes.Infeasible, code);
        Assert.Contains("nothing was written", tool.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, RunningTool Tool)> RunAsync(string body, params string[] args)
    {
        var tool = Tool(FakeProgram.Write(_folder, body));
        return (await tool.RunAsync([.. args, "-o", _folder["out.onnx"]]), tool);
    }

    private static RunningTool Tool(string program) => new() { Environment = { ["EDGEPRUNE_TRAINER"] = program } };

    private TrainingRequest Asked() => JsonSerializer.Deserialize(File.ReadAllText(_folder["request.json"]), TrainingJson.Default.TrainingRequest)!;

    // Sixteen digits without classes.
    private string Unlabelled()
    {
        var digits = SampleSources.Open(Sample.Folder);
        var floats = new float[16 * 784];
        for (var i = 0; i < 16; i++)
        {
            digits.Inputs[0].Read(i, floats.AsSpan(i * 784, 784));
        }

        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (16, 1, 28, 28), }".PadRight(117) + "\n";
        return _folder.Write("digits.npy", [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan())]);
    }
}
