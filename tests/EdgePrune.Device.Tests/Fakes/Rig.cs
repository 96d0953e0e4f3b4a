using System.Security.Cryptography;
using EdgePrune.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgePrune.Device.Tests;

/// <summary>A device with a disk that outlives its agent, a hub, and a key that signs.</summary>
internal sealed class Rig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public const string Root = "/data";

    private long _revision;

    public Rig()
    {
        Time = new FakeTimeProvider(Start);
        Hub = new FakeHub(Time);
        Options = new AgentOptions
        {
            Hub = new Uri("https://hub.test"),
            Name = "bench-1",
            Target = "board",
            Token = FakeHub.Token,
            DataFolder = Root,
            TrustedKeys = [Key.Public],
        };
    }

    public static SigningKey Key { get; } = SigningKey.Create();
    public FakeTimeProvider Time { get; }
    public FakeHub Hub { get; }
    public AgentOptions Options { get; set; }
    public MemoryFileSystem Disk { get; } = new();
    public FakeSelfTest SelfTest { get; } = new();
    public FakeProfiler Profiler { get; } = new();
    public RunningModel Running { get; private set; } = new();
    public DeviceAgent? Agent { get; private set; }

    /// <summary>Events the hub has, in order.</summary>
    public IReadOnlyList<DeviceEvent> Events => [.. Hub.Events.Values];
    public DeviceEvent Last => Hub.Events.Values.Last();

    /// <summary>Starts the agent anew over what is on the disk.</summary>
    public DeviceAgent Boot()
    {
        Running = new RunningModel();
        Agent = new AgentParts
        {
            Files = Disk,
            Http = new HttpClient(Hub, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan },
            SelfTest = SelfTest,
            Profiler = Profiler,
            Time = Time,
            Random = new NoWait(),
            Log = NullLogger.Instance,
        }.Assemble(Options, Running);
        return Agent;
    }

    /// <summary>One turn of the loop, booting first when there is no agent.</summary>
    public Task<bool> StepAsync() => (Agent ?? Boot()).StepAsync(CancellationToken.None);

    /// <summary>Sets what the device should run; the hub has the blobs.</summary>
    public void Want(TestBundle bundle, string? order = null, SigningKey? key = null)
    {
        Hub.Blobs[bundle.Sha256] = bundle.Model;
        Want(bundle.Sign(key ?? Key), order);
    }

    public void Want(SignedManifest? bundle, string? order = null) => Hub.Desired = new DesiredState
    {
        Revision = ++_revision,
        Bundle = bundle,
        Profile = order is null ? null : new ProfileOrder(order, new ProfileSettings()),
    };

    public async Task<DeviceEvent> InstallAsync(TestBundle bundle)
    {
        Want(bundle);
        await StepAsync();
        return Last;
    }

    /// <summary>Requires that a bundle serves and that its file has the signed bytes.</summary>
    public void RequireServing(TestBundle bundle)
    {
        Assert.Equal(bundle.Version, Running.Current?.Version);
        Assert.Equal(bundle.Sha256, Convert.ToHexStringLower(SHA256.HashData(Disk.Read(Running.Current!.ModelPath))));
    }

    public void Dispose() => Hub.Dispose();

    /// <summary>Full jitter may be nothing; tests of waits use a real source.</summary>
    private sealed class NoWait : Random
    {
        public override double NextDouble() => 0;
    }
}
