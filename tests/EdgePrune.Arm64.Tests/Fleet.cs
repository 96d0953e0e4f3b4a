using System.Text.Json;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;

namespace EdgePrune.Arm64.Tests;

/// <summary>A hub on this machine, and the settings of one agent that dials it from an emulated board.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    public const string DeviceName = "board-1";

    private const string EnrolmentToken = "enrolment-token-of-the-tests";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly HubServer _hub;
    private readonly string _folder;
    private readonly VersionSequence _versions = new();
    private readonly SigningKey _key = SigningKey.Create();

    private Fleet(HubServer hub, HubOperator @operator, string folder) => (_hub, Operator, _folder) = (hub, @operator, folder);

    public HubOperator Operator { get; }

    public static async Task<Fleet> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-arm64-").FullName;
        var options = new HubOptions { DataFolder = Path.Combine(folder, "hub"), EnrolmentToken = EnrolmentToken, OperatorToken = "operator-token-of-the-tests" };
        var hub = await HubServer.StartAsync(options, null, TimeProvider.System, TestContext.Current.CancellationToken);
        return new Fleet(hub, new HubOperator(hub.Address, options.OperatorToken), folder);
    }

    /// <summary>Starts the agent on a core, always over the same data folder.</summary>
    /// <param name="core">The core.</param>
    /// <param name="launcher">What starts its child processes; the emulator when it is null.</param>
    public RunningAgent StartAgent(string core, string[]? launcher = null)
    {
        var trust = Save("trust.pem", _key.Public.ToPem());
        var settings = new Dictionary<string, object>
        {
            ["hub"] = _hub.Address.ToString(),
            ["name"] = DeviceName,
            ["target"] = "raspberry-pi-4",
            ["data"] = Path.Combine(_folder, "device"),
            ["trust"] = new[] { trust },
            ["launcher"] = launcher ?? Emulator.Launcher(core),
        };
        var start = Emulator.Start(core, "--config", Save("agent.json", JsonSerializer.Serialize(settings)));
        start.Environment["EDGEPRUNE_TOKEN"] = EnrolmentToken;
        return RunningAgent.Start(start);
    }

    /// <summary>Packs a model into a bundle with a self-test and pushes it to the device.</summary>
    public async Task<(BundleFile Bundle, long Revision)> PushAsync(byte[] model, ProfileOrder? order = null)
    {
        var bundle = new ModelBundler(_key, new BundlerOptions { Name = "digits" }, _versions, TimeProvider.System).Pack(model, new Dictionary<string, string>());
        var desired = await Operator.PushAsync(DeviceName, bundle, order, TestContext.Current.CancellationToken);
        return (bundle, desired.Revision);
    }

    /// <summary>Every event of a revision, up to the first of a kind.</summary>
    public async Task<IReadOnlyList<DeviceEvent>> EventsUntilAsync(long revision, DeviceEventKind kind)
    {
        List<DeviceEvent> events = [];
        for (var after = 0L; !events.Any(e => e.Revision == revision && e.Kind == kind);)
        {
            var page = await Operator.WaitForEventsAsync(DeviceName, after, Wait, TestContext.Current.CancellationToken);
            events.AddRange(page.Events);
            after = events.Count == 0 ? 0 : events[^1].Sequence;
        }

        return [.. events.Where(e => e.Revision == revision)];
    }

    /// <summary>Identity of the bundle that the device says it runs.</summary>
    public async Task<string?> RunningBundleAsync() =>
        (await Operator.ListDevicesAsync(TestContext.Current.CancellationToken)).Single().RunningBundle;

    /// <summary>The file of a bundle's model on the device.</summary>
    public string InstalledModel(BundleFile bundle)
    {
        var manifest = ManifestSignatures.Parse(bundle.Manifest.Payload);
        var digest = manifest.Blobs.Single(b => b.Role == BlobEntry.Model).Sha256;
        return Directory.EnumerateFiles(Path.Combine(_folder, "device", "blobs"), $"*{digest}*").Single();
    }

    public string Save(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await _hub.DisposeAsync();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
