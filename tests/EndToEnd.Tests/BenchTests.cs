using System.Text.Json;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EndToEnd.Tests;

/// <summary>A bench over a real hub and a real agent.</summary>
public sealed class BenchTests : IDisposable
{
    private static readonly BenchRules Briefly = BenchRules.Default with { Window = TimeSpan.FromMilliseconds(20), MinRuns = 20 };
    private static readonly string Sample = Path.Combine(SampleModel.Find(AppContext.BaseDirectory), SampleModel.ModelFile);

    private readonly WorkFolder _folder = new();
    private readonly ToolShell _shell = new() { Out = TextWriter.Null, Error = TextWriter.Null };

    [Fact]
    public async Task Bench_WithAKey_MeasuresEachModelOnTheDeviceAndGivesTheOldOneBack()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var before = await InstallAsync(fleet, "digits", 7);
        var (small, broken) = (await PruneAsync(), Broken());
        KeyFiles.WriteNewPrivate(_folder["release.pem"], fleet.Key);

        var (code, text, error) = await ToolProcess.RunAsync(
            ["bench", Sample, broken, small, "--threads", "1,2", "--window", "20ms", "--max-warmup", "300ms", "--out", _folder["bench"], "--key", _folder["release.pem"], "--json", .. At(fleet)]);

        Assert.True(code == ExitCodes.Of(ErrorCode.TruncatedModel) || code == ExitCodes.Of(ErrorCode.NotOnnx), error + text);
        var report = JsonSerializer.Deserialize(text, BenchJson.Default.BenchReport)!;
        var device = report.Rows.Where(r => r.Place == LocalFleet.DeviceName).ToList();
        Assert.Equal(6, device.Count);
        Assert.All(device.Where(r => r.Model == Path.GetFileName(broken)), r => Assert.False(string.IsNullOrEmpty(r.Error)));
        Assert.All(device.Where(r => r.Model != Path.GetFileName(broken)), r => Assert.Equal(r.ModelSha256, r.Report?.ModelSha256));
        Assert.All(report.Rows.Where(r => r.Error is null), r => Assert.Equal(r.Settings.Threads, r.Report!.Settings.Threads));
        Assert.Empty(report.Notes);
        Assert.Equal(before, (await fleet.Operator.ListDevicesAsync(stop)).Single().RunningBundle);
    }

    [Fact]
    public async Task Bench_WithoutAKey_MeasuresWhatRunsThereAndSaysSoOfTheOthers()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        await InstallAsync(fleet, "digits", 1);
        var small = await PruneAsync();

        var (code, text, error) = await ToolProcess.RunAsync(["bench", Sample, small, "--window", "20ms", "--max-warmup", "300ms", "--out", _folder["bench"], "--json", .. At(fleet)]);

        Assert.True(code == ExitCodes.Of(ErrorCode.MeasurementFailed), error);
        var rows = JsonSerializer.Deserialize(text, BenchJson.Default.BenchReport)!.Rows.Where(r => r.Place == LocalFleet.DeviceName).ToList();
        Assert.NotNull(rows[0].Report);
        Assert.Contains("runs another model", rows[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_StoppedInTheMiddle_GivesTheOldModelBackAndGoesOnWithWhatIsMissing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var before = await InstallAsync(fleet, "digits", 1);
        var models = BenchModel.Read([Sample, await PruneAsync()]);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = new Steps(line => line.StartsWith("cell 3 of 4", StringComparison.Ordinal), interrupt);
        var versions = new VersionSequence();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(fleet, models, versions, first, interrupt.Token));
        await WaitUntilItRunsAsync(fleet, before);
        var second = new Steps(_ => false, interrupt);
        var report = await RunAsync(fleet, models, versions, second, stop);

        Assert.Equal(4, Directory.GetFiles(_folder["bench", "cells"]).Length);
        Assert.Equal(2, second.Lines.Count(l => l.StartsWith("cell ", StringComparison.Ordinal)));
        Assert.StartsWith("cell 1 of 2", second.Lines[0], StringComparison.Ordinal);
        Assert.All(report.Rows, r => Assert.Equal(r.ModelSha256, r.Report?.ModelSha256));
        Assert.Equal(before, (await fleet.Operator.ListDevicesAsync(stop)).Single().RunningBundle);
    }

    [Fact]
    public async Task Bench_ADeviceThatDoesNotTrustTheKey_HasRowsThatSaySoAndKeepsItsModel()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var before = await InstallAsync(fleet, "digits", 1);
        using var stranger = SigningKey.Create();
        KeyFiles.WriteNewPrivate(_folder["other.pem"], stranger);

        var (code, text, error) = await ToolProcess.RunAsync(["bench", Sample, "--window", "20ms", "--max-warmup", "300ms", "--out", _folder["bench"], "--key", _folder["other.pem"], "--json", .. At(fleet)]);

        Assert.True(code == ExitCodes.Of(ErrorCode.UntrustedKey), error);
        var report = JsonSerializer.Deserialize(text, BenchJson.Default.BenchReport)!;
        Assert.Contains("refused the bundle", report.Rows.Single(r => r.Place == LocalFleet.DeviceName).Error, StringComparison.Ordinal);
        Assert.Equal(before, (await fleet.Operator.ListDevicesAsync(stop)).Single().RunningBundle);
    }

    public void Dispose() => _folder.Dispose();

    private static string[] At(LocalFleet fleet) => ["--hub", fleet.Address.ToString(), "--operator-token", fleet.OperatorToken, "--device", LocalFleet.DeviceName];

    private Task<BenchReport> RunAsync(LocalFleet fleet, IReadOnlyList<BenchModel> models, VersionSequence versions, Steps steps, CancellationToken stop)
    {
        var settings = Briefly.Settings(TimeSpan.FromMilliseconds(300));
        var place = new PushPlace(
            fleet.Operator, new BenchDevice(fleet.Operator, LocalFleet.DeviceName),
            target => new ModelBundler(fleet.Key, new BundlerOptions { Name = "bench", Targets = [target] }, versions, TimeProvider.System),
            TimeProvider.System, TimeSpan.FromMinutes(2));
        var plan = new BenchPlan(models, [settings, settings with { Threads = 2 }], [place], Briefly);
        return new BenchRun(plan, new BenchStore(_folder["bench"]), TimeProvider.System).RunAsync(steps, stop);
    }

    private static async Task<string> InstallAsync(LocalFleet fleet, string name, long version)
    {
        var stop = TestContext.Current.CancellationToken;
        var bundler = new ModelBundler(fleet.Key, new BundlerOptions { Name = name }, new VersionSequence(version), TimeProvider.System);
        var bundle = bundler.Pack(await File.ReadAllBytesAsync(Sample, stop), new Dictionary<string, string>());
        await fleet.Device().InstallAsync(bundle, stop);
        return ManifestSignatures.Identity(bundle.Manifest);
    }

    // The order is given before the bench ends; the device may still be measuring what was asked of it before.
    private static async Task WaitUntilItRunsAsync(LocalFleet fleet, string bundle)
    {
        var (stop, after) = (TestContext.Current.CancellationToken, 0L);
        while ((await fleet.Operator.ListDevicesAsync(stop)).Single().RunningBundle != bundle)
        {
            var page = await fleet.Operator.WaitForEventsAsync(LocalFleet.DeviceName, after, TimeSpan.FromSeconds(60), stop);
            Assert.NotEmpty(page.Events);
            after = page.Events[^1].Sequence;
        }
    }

    private async Task<string> PruneAsync()
    {
        var small = _folder["small.onnx"];
        var (code, _, error) = await ToolProcess.RunAsync("prune", Sample, "--rate", "0.5", "--per-layer", "--criterion", "l2", "-o", small);
        Assert.True(code == ExitCodes.Done, error);
        return small;
    }

    private string Broken()
    {
        WholeFile.Write(_folder["broken.onnx"], File.ReadAllBytes(Sample).Take(5000).ToArray());
        return _folder["broken.onnx"];
    }

    /// <summary>Keeps what the progress line says, and presses Ctrl-C at one.</summary>
    private sealed class Steps(Func<string, bool> isEnd, CancellationTokenSource stop) : IProgress<string>
    {
        public List<string> Lines { get; } = [];

        public void Report(string value)
        {
            Lines.Add(value);
            if (isEnd(value))
            {
                stop.Cancel();
            }
        }
    }
}
