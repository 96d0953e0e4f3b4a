using EdgePrune.Profiler;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>The edges of the agent, which tests replace.</summary>
internal sealed record AgentParts
{
    /// <summary>The disk.</summary>
    public required IFileSystem Files { get; init; }
    /// <summary>The client whose handler reaches the hub.</summary>
    public required HttpClient Http { get; init; }
    /// <summary>Runs a model before it serves.</summary>
    public required ISelfTest SelfTest { get; init; }
    /// <summary>Measures a model.</summary>
    public required IModelProfiler Profiler { get; init; }
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
    /// <summary>The source of chance for waits.</summary>
    public required Random Random { get; init; }
    /// <summary>What happens.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Puts an agent together; reads its state from disk.</summary>
    /// <param name="options">The agent's options.</param>
    /// <param name="running">What applications see.</param>
    /// <returns>The agent.</returns>
    public DeviceAgent Assemble(AgentOptions options, RunningModel running)
    {
        var folder = new DataFolder(Files, options.DataFolder);
        folder.Prepare();
        var journal = DeviceJournal.Open(folder, Time, Log);
        var hub = new HubClient(Http, options.Hub, Time);
        var blobs = new BlobStore(folder);
        var slots = new SlotStore(folder, blobs);
        var slotSwitch = new SlotSwitch(slots, journal, SelfTest, running, Log);
        var installer = new BundleInstaller(
            new InstallRules(options.Target, options.TrustedKeys),
            journal,
            slots,
            blobs,
            new BlobDownloader(hub, blobs, Time, Random, Log),
            new InstallWork(SelfTest, slotSwitch, running, Log));
        var work = new AgentWork(slotSwitch, installer, new ProfileRunner(Profiler, journal, running, Log), Log);
        return new DeviceAgent(options, hub, journal, work, Time, Random);
    }
}
