using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgePrune.Cli;
using EdgePrune.Host;

namespace EndToEnd.Tests;

/// <summary>The verbs that train, with the real training process, on few digits.</summary>
public sealed class TrainingTests : IDisposable
{
    private static readonly string[] Exactly = ["--threads", "1", "--seed", "3"];

    private readonly WorkFolder _folder = new();

    public TrainingTests()
    {
        // Digits of the sample's part for tests: the model has not seen them, so it has something to learn.
        var all = SampleSources.Open(SampleModel.Find(AppContext.BaseDirectory));
        Directory.CreateDirectory(_folder["digits"]);
        Write("train", SampleSubset.Range(all, 0, 512));
        Write("test", SampleSubset.Range(all, 512, 512));
    }

    [Fact]
    public async Task FineTune_APrunedModel_GetsBetterAndGivesTheSameBytesAgain()
    {
        await RunAsync("prune", Model, "-o", _folder["pruned.onnx"], "--rate", "0.7", "--per-layer", "--criterion", "l2", "--no-repair");

        var first = await TrainAsync("finetune", _folder["pruned.onnx"], "--epochs", "2", "--json", "-o", _folder["a.onnx"]);
        var second = await TrainAsync("finetune", _folder["pruned.onnx"], "--epochs", "2", "--json", "-o", _folder["b.onnx"]);

        var test = first.GetProperty("test");
        Assert.True(test.GetProperty("after").GetDouble() > test.GetProperty("before").GetDouble() + 2, test.ToString());
        Assert.Equal(2, first.GetProperty("epochs").GetArrayLength());
        Assert.Equal(first.GetProperty("sha256").GetString(), second.GetProperty("sha256").GetString());
        Assert.Equal(["a.onnx", "b.onnx", "pruned.onnx"], _folder.Files(""));
    }

    [Fact]
    public async Task Prune_Distilling_ComesNearerToTheOriginalThanRepairAlone()
    {
        var (_, text, _) = await RunAsync("prune", Model, "--rate", "0.9", "--per-layer", "--data", _folder["digits"], "--recover", "distill", "--epochs", "4", "--steps", "2", "--json", "-o", _folder["out.onnx"]);

        var training = JsonDocument.Parse(text).RootElement.GetProperty("training");
        Assert.Equal(2, training.GetArrayLength());
        var last = training[1];
        Assert.True(last.GetProperty("kept").GetBoolean(), last.ToString());
        Assert.True(last.GetProperty("after").GetDouble() < last.GetProperty("before").GetDouble(), last.ToString());
        Assert.Equal(64, last.GetProperty("heldOut").GetInt32());
    }

    [Theory]
    [InlineData("taylor")]
    [InlineData("fisher")]
    public async Task Plan_ByGradients_ScoresEveryGroup(string criterion)
    {
        var (_, text, _) = await RunAsync("plan", Model, "--rate", "0.5", "--criterion", criterion, "--data", _folder["digits"], "--json");

        var plan = JsonSerializer.Deserialize(text, HostJson.Default.PrunePlan)!;
        Assert.All(plan.Groups, g => Assert.True(g.Remove.Count == 0 || g.HighestRemoved >= 0, g.Group));
        Assert.Contains(plan.Groups, g => g.Remove.Count > 0);
    }

    [Fact]
    public async Task FineTune_Interrupted_GoesOnToTheSameBytes()
    {
        string[] arguments = ["finetune", Model, "--data", _folder["digits"], "--epochs", "40", .. Exactly];
        await using (var tool = ToolProcess.Start([.. arguments, "-o", _folder["out.onnx"]]))
        {
            var trainer = await FindTrainerAsync(tool);
            while (!File.Exists(_folder["out.onnx.checkpoint"]) && !tool.HasExited)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            tool.PressCtrlC();
            var (code, _, error) = await tool.EndAsync();
            Assert.True(code == ExitCodes.Cancelled, error);
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(trainer));
            Assert.Equal(["out.onnx.checkpoint"], _folder.Files(""));
        }

        await RunAsync([.. arguments, "-o", _folder["out.onnx"]]);
        await RunAsync([.. arguments, "-o", _folder["whole.onnx"]]);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.onnx"]), await File.ReadAllBytesAsync(_folder["out.onnx"]));
    }

    [Fact]
    public async Task FineTune_WhenTheToolIsKilled_TheTrainingProcessEnds()
    {
        Process trainer;
        await using (var tool = ToolProcess.Start("finetune", Model, "--data", _folder["digits"], "--epochs", "9000", "-o", _folder["out.onnx"]))
        {
            trainer = Process.GetProcessById(await FindTrainerAsync(tool));
            using var killed = Process.GetProcessById(tool.Id);
            killed.Kill();
            await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using (trainer)
        {
            await trainer.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(trainer.HasExited);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Model => Path.Combine(SampleModel.Find(AppContext.BaseDirectory), SampleModel.ModelFile);

    private async Task<JsonElement> TrainAsync(string verb, string model, params string[] options) =>
        JsonDocument.Parse((await RunAsync([verb, model, "--data", _folder["digits"], .. Exactly, .. options])).Out).RootElement;

    // Where libtorch cannot be loaded, nothing here can run; any other failure is one.
    private static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var (code, text, error) = await ToolProcess.RunAsync(arguments);
        Assert.SkipWhen(error.Contains("EP1107", StringComparison.Ordinal), error);
        Assert.True(code == ExitCodes.Done, error);
        return (code, text, error);
    }

    // The trainer is the tool's child whose command line names it.
    private static async Task<int> FindTrainerAsync(ToolProcess tool)
    {
        while (!tool.HasExited)
        {
            if (tool.Child("EdgePrune.Training") is { } trainer)
            {
                return trainer;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var (_, _, error) = await tool.EndAsync();
        Assert.SkipWhen(error.Contains("EP1107", StringComparison.Ordinal), error);
        throw new InvalidOperationException($"The tool ended before it started to train: {error}");
    }

    private void Write(string part, SampleSubset samples)
    {
        var input = samples.Inputs[0];
        var floats = new float[samples.Count * 784];
        for (var i = 0; i < samples.Count; i++)
        {
            input.Read(i, floats.AsSpan(i * 784, 784));
        }

        WriteNpy(_folder["digits", $"{part}-digits.npy"], "<f4", $"{samples.Count}, 1, 28, 28", System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()));
        WriteNpy(_folder["digits", $"{part}-labels.npy"], "<i4", $"{samples.Count},", System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(samples.Labels!.ToArray()));
    }

    private static void WriteNpy(string path, string type, string shape, ReadOnlySpan<byte> bytes)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}").PadRight(117) + "\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. bytes]);
    }
}
