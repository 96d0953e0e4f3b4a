using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>
/// A whole fleet on this machine, made for one run: a hub inside the tool on a free port of 127.0.0.1, a real agent
/// process, and keys and tokens that nobody else knows.
/// </summary>
internal sealed class LocalFleet : IAsyncDisposable
{
    /// <summary>Name of the one device.</summary>
    public const string DeviceName = "this-machine";

    private static readonly TimeSpan EnrolLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EnrolPoll = TimeSpan.FromMilliseconds(100);

    private readonly HubServer _hub;
    private readonly AgentProcess _agent;
    private readonly TimeProvider _clock;

    private LocalFleet(HubServer hub, HubOperator @operator, AgentProcess agent, SigningKey key, TimeProvider clock)
    {
        _hub = hub;
        Operator = @operator;
        _agent = agent;
        Key = key;
        _clock = clock;
    }

    /// <summary>The key whose bundles the agent installs.</summary>
    public SigningKey Key { get; }

    /// <summary>The operator's side of the hub.</summary>
    public HubOperator Operator { get; }

    /// <summary>What the hub takes an operator by.</summary>
    public required string OperatorToken { get; init; }

    /// <summary>Where the hub listens.</summary>
    public Uri Address => _hub.Address;

    /// <summary>Starts hub and agent, and waits until the agent has enrolled.</summary>
    /// <param name="folder">Folder for the state of both; it must be new or empty.</param>
    /// <param name="target">Name of the target the agent stands for.</param>
    /// <param name="shell">The clock, and where the agent program may be named.</param>
    /// <param name="cancellationToken">Gives up; nothing is left running.</param>
    /// <exception cref="EdgePruneException">Something cannot be started.</exception>
    public static async Task<LocalFleet> StartAsync(string folder, string target, ToolShell shell, CancellationToken cancellationToken)
    {
        var program = AgentProgram.Find(shell.Environment, AppContext.BaseDirectory);
        var options = new HubOptions
        {
            DataFolder = Path.Combine(folder, "hub"),
            EnrolmentToken = Secrets.NewToken(),
            OperatorToken = Secrets.NewToken(),
        };
        Directory.CreateDirectory(folder);
        var hub = await HubServer.StartAsync(options, loggers: null, shell.Clock, cancellationToken).ConfigureAwait(false);
        var key = SigningKey.Create();
        HubOperator? @operator = null;
        AgentProcess? agent = null;
        try
        {
            @operator = new HubOperator(hub.Address, options.OperatorToken, clock: shell.Clock);
            agent = StartAgent(program, folder, target, hub.Address, key, options.EnrolmentToken);
            await WaitForEnrolmentAsync(@operator, agent, shell.Clock, cancellationToken).ConfigureAwait(false);
            return new LocalFleet(hub, @operator, agent, key, shell.Clock) { OperatorToken = options.OperatorToken };
        }
        catch
        {
            await StopAsync(agent, @operator, hub, key).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The agent as the tuning loop sees it.</summary>
    public IDeviceClient Device() => new HubDeviceClient(Operator, DeviceName, _clock, DeviceOptions.DefaultTimeout);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(_agent, Operator, _hub, Key).ConfigureAwait(false);

    private static async Task StopAsync(AgentProcess? agent, HubOperator? @operator, HubServer hub, SigningKey key)
    {
        // The agent first: it would only complain that its hub is gone.
        if (agent is not null)
        {
            await agent.DisposeAsync().ConfigureAwait(false);
        }

        @operator?.Dispose();
        await hub.DisposeAsync().ConfigureAwait(false);
        key.Dispose();
    }

    private static AgentProcess StartAgent(AgentProgram program, string folder, string target, Uri hub, SigningKey key, string token)
    {
        var trust = Path.Combine(folder, "trust.pem");
        WholeFile.Write(trust, key.Public.ToPem() + "\n");
        string[] arguments = ["--hub", hub.ToString(), "--name", DeviceName, "--target", target, "--data", Path.Combine(folder, "device"), "--trust", trust];
        return AgentProcess.Start(program, arguments, token, Path.Combine(folder, "agent.log"));
    }

    private static async Task WaitForEnrolmentAsync(HubOperator hub, AgentProcess agent, TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (!(await hub.ListDevicesAsync(cancellationToken).ConfigureAwait(false)).Any(d => d.Name == DeviceName))
        {
            agent.RequireRunning();
            if (clock.GetElapsedTime(start) > EnrolLimit)
            {
                throw new DeviceException(ErrorCode.DeviceTimeout, $"The agent did not enrol within {Durations.Print(EnrolLimit)}. Look at its log.");
            }

            await Task.Delay(EnrolPoll, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
