using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EndToEnd.Tests;

/// <summary>The whole loop with the real tool and the real agent, measured briefly: what is right here does not depend on how fast the machine is.</summary>
public sealed class QuickstartTests : IDisposable
{
    private static readonly string[] Briefly = ["--window", "20ms", "--min-runs", "20", "--max-warmup", "300ms"];

    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Quickstart_OnTheSample_LeavesAReportThatHoldsTogether()
    {
        var (code, text, error) = await ToolProcess.RunAsync(["quickstart", "--out", _folder["out"], "--max-runs", "3", .. Briefly, "--json"]);

        // A busy machine makes runs invalid, which is a verdict too; anything else is not.
        Assert.True(code is ExitCodes.Done or ExitCodes.Infeasible, error);
        var report = JsonSerializer.Deserialize(text, HostJson.Default.TuningReport)!;
        var written = JsonSerializer.Deserialize(await File.ReadAllTextAsync(_folder["out", "report.json"]), HostJson.Default.TuningReport)!;
        Assert.Equal(report.Trials.Count, written.Trials.Count);
        Assert.Equal(99.14, report.Original.Score, 2);
        Assert.Equal(421_642, report.Original.Parameters);
        Assert.InRange(report.DeviceRuns, 1, 3);
        Assert.Equal(code == ExitCodes.Done, report.PickedTrial?.Status == TrialStatus.MeetsBudget);
        Assert.All(report.Trials.Append(report.Original).Where(t => t.Profile is not null), RequireBounds);
        await RequirePickedFilesAsync(report);
    }

    [Fact]
    public async Task Quickstart_CtrlC_StopsTheAgentAndWritesNothing()
    {
        await using var tool = ToolProcess.Start(["quickstart", "--out", _folder["out"], .. Briefly]);
        var agent = await FindAgentAsync(tool);
        tool.PressCtrlC();
        var (code, _, error) = await tool.EndAsync();

        Assert.True(code == ExitCodes.Cancelled, error);
        Assert.Empty(_folder.Files("out"));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(agent));
    }

    public void Dispose() => _folder.Dispose();

    private static void RequireBounds(Trial trial)
    {
        var p95 = trial.Profile!.Latency.P95!;
        Assert.True(p95.Lower is null || p95.Lower <= p95.Estimate, $"{p95}");
        // So short a run on a busy machine may not support an upper bound; without one, no limit is met.
        Assert.True(p95.Upper is null ? trial.Status != TrialStatus.MeetsBudget : p95.Estimate <= p95.Upper, $"{p95}");
        Assert.Equal(trial.ModelSha256, trial.Profile.ModelSha256);
        Assert.Equal(0, trial.Profile.ManagedBytesPerRun);
        Assert.Contains(trial.Checks, c => c is { Name: "latencyP95", Estimate: not null });
    }

    // The picked model, opened by ONNX Runtime alone, scores what the report says, and its bundle holds the same bytes.
    private async Task RequirePickedFilesAsync(TuningReport report)
    {
        var model = await File.ReadAllBytesAsync(_folder["out", "model.onnx"]);
        var active = report.PickedTrial ?? report.Original;
        Assert.Equal(active.ModelSha256, Convert.ToHexStringLower(SHA256.HashData(model)));
        var sample = SampleModel.Find(AppContext.BaseDirectory);

        Assert.Equal(active.Score, PlainRuntime.Accuracy(model, SampleSources.Open(sample)), 0.02);

        await using var file = File.OpenRead(_folder["out", "model.epb"]);
        var bundle = BundleFile.Read(file);
        Assert.Equal(active.ModelSha256, ManifestSignatures.Parse(bundle.Manifest.Payload).Blobs.Single(b => b.Role == BlobEntry.Model).Sha256);
        Assert.Contains("<svg", await File.ReadAllTextAsync(_folder["out", "report.html"]), StringComparison.Ordinal);
    }

    // The agent is the tool's child whose command line names it.
    private static async Task<int> FindAgentAsync(ToolProcess tool)
    {
        while (!tool.HasExited)
        {
            if (tool.Child("EdgePrune.Device") is { } agent)
            {
                return agent;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException($"The tool ended before it started an agent: {(await tool.EndAsync()).Error}");
    }
}
