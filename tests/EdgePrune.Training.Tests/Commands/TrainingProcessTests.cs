using System.Diagnostics;
using System.Text.Json;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training.Tests;

/// <summary>The program as a process of its own, which others stop.</summary>
public sealed class TrainingProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgeprune-process-").FullName;

    [TorchFact]
    public async Task Terminated_InTheMiddleOfTraining_WritesModelAndCheckpoint_AndEnds()
    {
        OnnxFile.Write(TinyModels.Classifier(inputs: 1, classes: 2), At("in.onnx"));
        await File.WriteAllTextAsync(At("data.csv"), "a,label\n0,0\n1,1\n2,0\n3,1\n", TestContext.Current.CancellationToken);
        var recipe = new FineTuneRecipe { Training = new TrainingOptions { Epochs = 10_000, BatchSize = 1, Threads = 1 } };
        var request = new FineTuneRequest(At("in.onnx"), new SampleReference(At("data.csv")), At("out.onnx"), recipe) { Checkpoint = At("state") };
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(TrainingProgram).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // The input stays open: the process goes by the request and not by its end.
        await process.StandardInput.WriteAsync(JsonSerializer.Serialize(request, TrainingJson.Default.TrainingRequest));
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Contains("progress", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var lines = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("\"end\":\"Cancelled\"", lines[^1], StringComparison.Ordinal);
        Assert.True(File.Exists(At("out.onnx")));
        Assert.InRange(CheckpointFile.Read(At("state")).Done, 1, 39_999);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);
}
