using System.Diagnostics;
using EdgePrune.Cli;
using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EndToEnd.Tests;

/// <summary>A hub in this process and an agent process that is started and killed over and over on one data folder.</summary>
internal sealed class KillRig : IAsyncDisposable
{
    /// <summary>Name of the one device.</summary>
    public const string Device = "often-killed";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // What the agent says when nothing whole was found, or when what it had written was damaged.
    private static readonly string Damage = $"EP{(int)ErrorCode.DamagedState}";

    private readonly WorkFolder _folder;
    private readonly SigningKey _key = SigningKey.Create();
    private readonly AgentProgram _program;
    private readonly HubServer _hub;
    private readonly HubOptions _options;
    private readonly HashSet<string> _signed = new(StringComparer.Ordinal);
    private AgentProcess? _agent;
    private AgentProcess? _killed;
    private string _killedLog = "";
    private int _starts;

    private KillRig(AgentProgram program, HubServer hub, HubOptions options, WorkFolder folder)
    {
        (_program, _hub, _options, _folder) = (program, hub, options, folder);
        Operator = new HubOperator(hub.Address, options.OperatorToken, clock: TimeProvider.System);
        WholeFile.Write(Trust, _key.Public.ToPem() + "\n");
    }

    /// <summary>The agent's command.</summary>
    public string Program => string.Join(' ', [_program.Executable, .. _program.Arguments]);

    public HubOperator Operator { get; }

    /// <summary>The newest version that was signed.</summary>
    public long Newest { get; private set; }

    /// <summary>What the data folder serves while no agent runs.</summary>
    public DeviceDisk Disk => new(_folder["device"], _key.Public);

    private string Trust => _folder["trust.pem"];

    /// <summary>Starts the hub.</summary>
    /// <param name="program">The agent that will be killed.</param>
    /// <param name="stop">Stops the start.</param>
    public static async Task<KillRig> StartAsync(AgentProgram program, CancellationToken stop)
    {
        WorkFolder folder = new();
        var options = new HubOptions { DataFolder = folder["hub"], EnrolmentToken = Secrets.NewToken(), OperatorToken = Secrets.NewToken() };
        return new KillRig(program, await HubServer.StartAsync(options, loggers: null, TimeProvider.System, stop), options, folder);
    }

    /// <summary>Whether a bundle is one that this rig signed.</summary>
    public bool IsSigned(string identity) => _signed.Contains(identity);

    /// <summary>Starts the agent where the last one was killed, whose children may still run.</summary>
    public void StartAgent()
    {
        string[] arguments = ["--hub", _hub.Address.ToString(), "--name", Device, "--target", "this-machine", "--data", _folder["device"], "--trust", Trust];
        _agent = AgentProcess.Start(_program, arguments, _options.EnrolmentToken, LogOf(++_starts));
    }

    /// <summary>Kills the agent with SIGKILL, which it cannot see coming.</summary>
    /// <param name="withChildren">Whether its self-test dies with it, as in a power cut, or is left alone.</param>
    public async Task KillAsync(bool withChildren)
    {
        _agent!.RequireRunning();
        using (var process = Process.GetProcessById(_agent.Id))
        {
            process.Kill(withChildren);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await ForgetKilledAsync();
        (_killed, _killedLog, _agent) = (_agent, LogOf(_starts), null);
    }

    /// <summary>Waits until what the agent killed last has left running has ended, and requires that it found nothing damaged.</summary>
    public async Task ForgetKilledAsync()
    {
        if (_killed is not null)
        {
            await _killed.DisposeAsync();
            _killed = null;
            var log = await File.ReadAllTextAsync(_killedLog, TestContext.Current.CancellationToken);
            Assert.DoesNotContain(Damage, log, StringComparison.Ordinal);
        }
    }

    /// <summary>Asks the device for a new version: one of two small networks, with weights of its own so that there is something to fetch.</summary>
    public Task<DesiredState> PushNextAsync(CancellationToken stop) => Operator.PushAsync(Device, Pack(), order: null, stop);

    /// <summary>Asks for a new version and waits until the device runs it.</summary>
    /// <exception cref="DeviceException">It refused it, rolled it back, or took too long.</exception>
    public async Task InstallNextAsync(CancellationToken stop)
    {
        var bundle = Pack();
        await new HubDeviceClient(Operator, Device, TimeProvider.System, Limit).InstallAsync(bundle, stop);
        Assert.Equal(ManifestSignatures.Identity(bundle.Manifest), (await InfoAsync(stop))!.RunningBundle);
    }

    /// <summary>The device as the hub knows it, or null before it has enrolled.</summary>
    public async Task<DeviceInfo?> InfoAsync(CancellationToken stop) => (await Operator.ListDevicesAsync(stop)).SingleOrDefault();

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in new[] { _killed, _agent }.OfType<AgentProcess>())
        {
            await agent.DisposeAsync();
        }

        Operator.Dispose();
        await _hub.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }

    private string LogOf(int start) => _folder[$"agent-{start}.log"];

    private BundleFile Pack()
    {
        var bundler = new ModelBundler(_key, new BundlerOptions { Name = "small" }, new VersionSequence(++Newest), TimeProvider.System);
        var bundle = bundler.Pack(OnnxFile.ToBytes(SmallModel((int)Newest)), new Dictionary<string, string>());
        _signed.Add(ManifestSignatures.Identity(bundle.Manifest));
        return bundle;
    }

    private static Model SmallModel(int version)
    {
        GraphBuilder g = new(version);
        var x = g.Input(1, 8);
        g.Output(g.Gemm(version % 2 == 0 ? x : g.Relu(g.Gemm(x, 16)), 4));
        return g.Build();
    }
}
