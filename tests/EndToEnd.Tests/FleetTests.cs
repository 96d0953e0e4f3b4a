using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EndToEnd.Tests;

/// <summary>A hub in this process and a real agent process: what is installed, refused and kept.</summary>
public sealed class FleetTests : IDisposable
{
    private static readonly ProfileSettings Briefly = new() { Window = TimeSpan.FromMilliseconds(20), MinRunsPerWindow = 20, MaxWarmup = TimeSpan.FromMilliseconds(300), PerOperator = false };
    private static readonly string Sample = SampleModel.Find(AppContext.BaseDirectory);

    private readonly WorkFolder _folder = new();
    private readonly ToolShell _shell = new() { Out = TextWriter.Null, Error = TextWriter.Null };

    [Fact]
    public async Task Push_BundleOfAnUntrustedKey_IsRejectedAndTheOldModelKeepsServing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var device = fleet.Device();
        var good = Pack(fleet.Key, version: 1);
        await device.InstallAsync(good, stop);
        using var stranger = SigningKey.Create();

        var refusal = await Assert.ThrowsAsync<DeviceException>(() => device.InstallAsync(Pack(stranger, version: 2), stop));

        Assert.Equal(ErrorCode.UntrustedKey, refusal.Code);
        Assert.Equal(ManifestSignatures.Identity(good.Manifest), await RunningAsync(fleet));
    }

    [Fact]
    public async Task Push_TamperedManifest_IsRejectedAndTheOldModelIsStillMeasured()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var device = fleet.Device();
        var good = Pack(fleet.Key, version: 1);
        var before = await device.MeasureAsync(good, Briefly, stop);

        var refusal = await Assert.ThrowsAsync<DeviceException>(() => device.InstallAsync(Tamper(Pack(fleet.Key, version: 2)), stop));

        Assert.Equal(ErrorCode.TamperedBundle, refusal.Code);
        Assert.Equal(ManifestSignatures.Identity(good.Manifest), await RunningAsync(fleet));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Sample, SampleModel.ModelFile), stop))), before.ModelSha256);
    }

    [Fact]
    public async Task Push_ReplayedAndDowngradedBundle_IsRejected()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var device = fleet.Device();
        await device.InstallAsync(Pack(fleet.Key, version: 5), stop);

        var refusal = await Assert.ThrowsAsync<DeviceException>(() => device.InstallAsync(Pack(fleet.Key, version: 4), stop));

        Assert.Equal(ErrorCode.DowngradedBundle, refusal.Code);
    }

    [Fact]
    public async Task Push_WrongOperatorToken_IsANetworkErrorOfTheTool()
    {
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, TestContext.Current.CancellationToken);
        var path = _folder["model.epb"];
        WholeFile.Write(path, Pack(fleet.Key, version: 1).Write);

        var (code, _, error) = await ToolProcess.RunAsync("push", path, "--hub", fleet.Address.ToString(), "--device", LocalFleet.DeviceName, "--operator-token", "some-token-that-is-not-the-hubs");

        Assert.Equal(ExitCodes.Network, code);
        Assert.StartsWith("EP4002: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeviceList_OfAHub_TellsNamesAndWhatEachRuns()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        string[] list = ["device", "list", "--hub", fleet.Address.ToString(), "--operator-token", fleet.OperatorToken];
        var before = await ToolProcess.RunAsync(list);
        var bundle = Pack(fleet.Key, version: 1);
        await fleet.Device().InstallAsync(bundle, stop);

        var (code, text, error) = await ToolProcess.RunAsync([.. list, "--json"]);

        Assert.Contains("none that it told of", before.Out, StringComparison.Ordinal);
        Assert.True(code == ExitCodes.Done, error);
        var device = Assert.Single(System.Text.Json.JsonSerializer.Deserialize(text, ContractsJson.Default.DeviceList)!.Devices);
        Assert.Equal((LocalFleet.DeviceName, ManifestSignatures.Identity(bundle.Manifest)), (device.Name, device.RunningBundle));
        Assert.Contains(ManifestSignatures.Identity(bundle.Manifest)[..12], (await ToolProcess.RunAsync(list)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_TwiceInSeparateProcesses_GivesTheSameBytes()
    {
        string[] prune = ["prune", Path.Combine(Sample, SampleModel.ModelFile), "--rate", "0.5", "--data", Sample, "--seed", "7", "-o"];
        var first = await ToolProcess.RunAsync([.. prune, _folder["a.onnx"]]);
        var second = await ToolProcess.RunAsync([.. prune, _folder["b.onnx"]]);

        Assert.True(first.Code == ExitCodes.Done, first.Error);
        Assert.True(second.Code == ExitCodes.Done, second.Error);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["a.onnx"]), await File.ReadAllBytesAsync(_folder["b.onnx"]));
    }

    [Fact]
    public async Task Tune_IntoAFolderThatDoesNotExist_WritesItsFilesThere()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var fleet = await LocalFleet.StartAsync(_folder["state"], "this-machine", _shell, stop);
        var samples = SampleSubset.Random(SampleSources.Open(Sample), 200, seed: 1);
        var options = new TuningOptions { Budget = new Budget { FileSize = new Limit(LimitKind.Relative, 0.5), MaxAccuracyLoss = 50 }, MaxDeviceRuns = 2, Precisions = [Precision.Float32], Profile = Briefly };
        var job = new TuningJob
        {
            Start = TuningStart.Of(OnnxFile.Read(Path.Combine(Sample, SampleModel.ModelFile)), samples, options, stop),
            Evaluator = new LabelEvaluator(samples),
            OutputFolder = _folder[Path.Combine("not", "there", "yet")],
        };
        var bundler = new ModelBundler(fleet.Key, new BundlerOptions { Name = "sample" }, new VersionSequence(), TimeProvider.System);

        await new TuningRun(new Screen(_shell, isJson: false)).RunAsync(job, fleet.Device(), bundler, stop);

        // A device that is too busy to measure leaves nothing picked, and then there is no plan.
        Assert.Equal(TuningOutputs.Names.Order(StringComparer.Ordinal), Directory.GetFiles(job.OutputFolder).Select(f => Path.GetFileName(f)).Append("plan.json").Distinct().Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static BundleFile Pack(SigningKey key, long version) =>
        new ModelBundler(key, new BundlerOptions { Name = "sample" }, new VersionSequence(version), TimeProvider.System)
            .Pack(File.ReadAllBytes(Path.Combine(Sample, SampleModel.ModelFile)), new Dictionary<string, string>());

    // Another version under the old signature: what someone without the key would send.
    private static BundleFile Tamper(BundleFile bundle)
    {
        var changed = ManifestSignatures.Parse(bundle.Manifest.Payload) with { Version = 99 };
        return bundle with { Manifest = bundle.Manifest with { Payload = CanonicalJson.Write(changed, ContractsJson.Default.BundleManifest) } };
    }

    private static async Task<string?> RunningAsync(LocalFleet fleet) =>
        (await fleet.Operator.ListDevicesAsync(TestContext.Current.CancellationToken)).Single().RunningBundle;
}
