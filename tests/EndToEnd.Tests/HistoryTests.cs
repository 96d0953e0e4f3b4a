using System.Text.Json;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EndToEnd.Tests;

/// <summary>Measurements of the real tool and the real agent, kept and compared.</summary>
public sealed class HistoryTests : IDisposable
{
    private static readonly string[] Briefly = ["--window", "20ms", "--min-runs", "20", "--max-warmup", "300ms"];
    private static readonly string Model = Path.Combine(SampleModel.Find(AppContext.BaseDirectory), SampleModel.ModelFile);

    private readonly WorkFolder _folder = new();

    [Fact]
    public async Task Profile_OnThisMachine_IsKeptListedShownAndComparedUntilItIsDropped()
    {
        string[] history = ["--history", _folder["history"]];
        var first = await ToolProcess.RunAsync(["profile", Model, .. Briefly, .. history, "--json"]);
        var second = await ToolProcess.RunAsync(["profile", Model, .. Briefly, .. history]);
        var runs = await ListAsync(["--model", Model, .. history]);

        Assert.True(first.Code == ExitCodes.Done, first.Error);
        Assert.Equal(2, runs.Count);
        Assert.Contains($"Kept as {runs[0].Id[..12]}", second.Out, StringComparison.Ordinal);
        Assert.Equal((SampleModel.ModelFile, "this-machine"), (runs[1].ModelName, runs[1].Device));
        var shown = await ToolProcess.RunAsync(["history", "show", runs[1].Id[..12], "--json", .. history]);
        Assert.Equal(first.Out, shown.Out);
        // Too brief a run on a busy machine is invalid, and then nothing is said of its speed.
        var compared = await ToolProcess.RunAsync(["history", "compare", runs[1].Id, runs[0].Id, .. history]);
        var isUsable = runs.All(r => r.Validity != RunValidity.Invalid);
        Assert.True(compared.Code == (isUsable ? ExitCodes.Done : ExitCodes.Input), compared.Error);
        Assert.Contains(isUsable ? "Ratio to the earlier" : "invalid by its own verdict", compared.Out + compared.Error, StringComparison.Ordinal);

        await ToolProcess.RunAsync(["profile", Model, .. Briefly, "--keep-runs", "0", .. history]);
        Assert.Equal(runs.Select(r => r.Id), (await ListAsync(history)).Select(r => r.Id));
        await ToolProcess.RunAsync(["profile", Model, .. Briefly, "--keep-runs", "1", .. history]);
        Assert.NotEqual(runs[0].Id, Assert.Single(await ListAsync(history)).Id);
    }

    [Fact]
    public async Task Profile_WithAHistoryThatCannotBeWritten_StillGivesTheReport()
    {
        WholeFile.Write(_folder["file"], "no folder");

        var (code, text, error) = await ToolProcess.RunAsync(["profile", Model, .. Briefly, "--history", _folder["file"], "--json"]);

        Assert.True(code == ExitCodes.Done, error);
        Assert.True(JsonSerializer.Deserialize(text, ContractsJson.Default.ProfileReport)!.Latency.Count > 0);
        Assert.Contains("The measurement is not kept. EP1106", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_OnADevice_IsKeptByTheHubUnderTheNameOfItsBundle()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", new ToolShell { Out = TextWriter.Null, Error = TextWriter.Null }, stop);
        var bundle = new ModelBundler(fleet.Key, new BundlerOptions { Name = "digits" }, new VersionSequence(), TimeProvider.System).Pack(await File.ReadAllBytesAsync(Model, stop), new Dictionary<string, string>());
        await fleet.Device().InstallAsync(bundle, stop);
        string[] hub = ["--hub", fleet.Address.ToString(), "--operator-token", fleet.OperatorToken];

        var (code, text, error) = await ToolProcess.RunAsync(["profile", .. hub, "--device", LocalFleet.DeviceName, .. Briefly, "--history", _folder["history"], "--json"]);
        var runs = await ListAsync([.. hub, "--device", LocalFleet.DeviceName]);

        Assert.True(code == ExitCodes.Done, error);
        var run = Assert.Single(runs);
        Assert.Equal(("digits", LocalFleet.DeviceName, ManifestSignatures.Identity(bundle.Manifest)), (run.ModelName, run.Device, run.Bundle));
        Assert.Equal(text, (await ToolProcess.RunAsync(["history", "show", run.Id[..12], .. hub, "--json"])).Out);
        Assert.False(Directory.Exists(_folder["history"]));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<RunSummary>> ListAsync(string[] options)
    {
        var (code, text, error) = await ToolProcess.RunAsync(["history", "list", "--json", .. options]);
        Assert.True(code == ExitCodes.Done, error);
        return JsonSerializer.Deserialize(text, ContractsJson.Default.RunPage)!.Runs;
    }
}
