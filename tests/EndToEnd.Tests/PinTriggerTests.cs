using System.Runtime.InteropServices;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;
using EdgePrune.Onnx;

namespace EndToEnd.Tests;

/// <summary>The sample application with the agent in its process, on simulated pins, against a hub in this one.</summary>
public sealed class PinTriggerTests : IDisposable
{
    private const string Device = "pins";
    private static readonly string Sample = SampleModel.Find(AppContext.BaseDirectory);

    private readonly WorkFolder _folder = new();

    [Fact(Timeout = 180_000)]
    public async Task Press_BeforeAndAfterASwap_RunsTheNewestModel_WithoutARestart()
    {
        var stop = TestContext.Current.CancellationToken;
        var options = new HubOptions { DataFolder = _folder["hub"], EnrolmentToken = Secrets.NewToken(), OperatorToken = Secrets.NewToken() };
        await using var hub = await HubServer.StartAsync(options, loggers: null, TimeProvider.System, stop);
        using var key = SigningKey.Create();
        using var @operator = new HubOperator(hub.Address, options.OperatorToken, clock: TimeProvider.System);
        var original = OnnxFile.Read(Path.Combine(Sample, SampleModel.ModelFile));
        var samples = SampleSources.Open(Sample);
        await using var program = Start(hub.Address, key, options.EnrolmentToken, samples);
        await EnrolledAsync(@operator, stop);
        var device = new HubDeviceClient(@operator, Device, TimeProvider.System, DeviceOptions.DefaultTimeout);

        await device.InstallAsync(Pack(key, 1, OnnxFile.ToBytes(original)), stop);
        Assert.Equal("ready: version 1", await program.ReadAsync(stop));
        program.Write("");
        Assert.Equal("lamp on", await program.ReadAsync(stop));

        var pruned = await new CompressionPipeline(original, samples).RunAsync(new CompressionOptions { Rate = 0.5, CalibrationSamples = 64 }, null, stop);
        await device.InstallAsync(Pack(key, 2, pruned.Bytes.ToArray()), stop);
        Assert.Equal("model: version 2", await program.ReadAsync(stop));
        program.Write("");
        Assert.Equal("lamp on", await program.ReadAsync(stop));
        Assert.Equal(0, await program.EndAsync(stop));
    }

    public void Dispose() => _folder.Dispose();

    // The first test digit, which both models read as what it is.
    private SampleProgram Start(Uri hub, SigningKey key, string token, ISampleSource samples)
    {
        var values = new float[28 * 28];
        samples.Inputs[0].Read(0, values);
        File.WriteAllBytes(_folder["frame.bin"], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        File.WriteAllText(_folder["trust.pem"], key.Public.ToPem());
        var agent = AgentProgram.Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);
        var environment = new Dictionary<string, string> { ["EDGEPRUNE_TOKEN"] = token, ["EDGEPRUNE_WORKER"] = agent.Executable };
        return SampleProgram.Start(
            Path.Combine(AppContext.BaseDirectory, "..", "..", "PinTrigger", "release", "PinTrigger.dll"), environment,
            _folder["frame.bin"], $"{samples.Labels![0]}", "--hub", hub.ToString(), "--name", Device, "--target", "this-machine", "--trust", _folder["trust.pem"], "--data", _folder["device"]);
    }

    private static BundleFile Pack(SigningKey key, long version, byte[] model) =>
        new ModelBundler(key, new BundlerOptions { Name = "sample" }, new VersionSequence(version), TimeProvider.System).Pack(model, new Dictionary<string, string>());

    private static async Task EnrolledAsync(HubOperator hub, CancellationToken stop)
    {
        while (!(await hub.ListDevicesAsync(stop)).Any(d => d.Name == Device))
        {
            await Task.Delay(50, stop);
        }
    }
}
