using EdgePrune.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgePrune.Device;

/// <summary>The agent with the model that it serves, for applications without a host: open it, run models, dispose of it.</summary>
/// <example><code>
/// await using var edge = EmbeddedAgent.Start(options);
/// await edge.Model.WaitAsync(stop);
/// using var call = edge.Model.Begin();
/// </code></example>
public sealed class EmbeddedAgent : IAsyncDisposable
{
    private readonly AgentSession _session;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private EmbeddedAgent(AgentSession session, ModelRuntime model)
    {
        (_session, Model) = (session, model);
        _work = Task.Run(() => session.Agent.RunAsync(_stop.Token));
    }

    /// <summary>Runs the model that the agent serves.</summary>
    public ModelRuntime Model { get; }

    /// <summary>Ends when the agent does: by <see cref="DisposeAsync"/>, or with the error that no retry can help, such as a hub that refuses the device.</summary>
    public Task Ended => _work;

    /// <summary>Starts the agent in this process.</summary>
    /// <param name="agent">Its options; set <see cref="AgentOptions.Worker"/> to the agent program, which self-tests and measures in a process of its own.</param>
    /// <param name="runtime">How models run, or null for the defaults.</param>
    /// <param name="log">Where the agent reports, or null for nowhere.</param>
    /// <param name="time">The clock, or null for the system's.</param>
    /// <returns>The agent; dispose of it to stop it.</returns>
    /// <exception cref="InputException">The options are wrong; the message lists every fault.</exception>
    /// <exception cref="DeviceException">Another process uses the data folder, or it cannot be written.</exception>
    public static EmbeddedAgent Start(AgentOptions agent, ModelRuntimeOptions? runtime = null, ILoggerFactory? log = null, TimeProvider? time = null)
    {
        agent.RequireSound();
        var logs = log ?? NullLoggerFactory.Instance;
        var running = new RunningModel();
        var model = new ModelRuntime(running, runtime ?? new ModelRuntimeOptions(), logs.CreateLogger<ModelRuntime>());
        try
        {
            return new EmbeddedAgent(AgentSession.Open(agent, running, time ?? TimeProvider.System, logs.CreateLogger<EmbeddedAgent>()), model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Stops the agent and releases the model when the calls on it have ended.</summary>
    /// <returns>When the agent has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Model.Dispose();
        _session.Dispose();
        _stop.Dispose();
    }
}
