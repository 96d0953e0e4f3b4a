using EdgePrune.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgePrune.Device;

/// <summary>Runs the agent for as long as its host runs; an end that no retry can help stops the host.</summary>
/// <param name="options">The agent's options.</param>
/// <param name="running">The model that applications see.</param>
/// <param name="host">What is stopped when the agent cannot go on.</param>
/// <param name="time">The clock.</param>
/// <param name="log">What happens.</param>
public sealed class AgentService(AgentOptions options, RunningModel running, IHostApplicationLifetime host, TimeProvider time, ILogger<AgentService> log) : BackgroundService
{
    /// <summary>How the agent ended. <value><see cref="ExitCode.Stopped"/> until it ends otherwise.</value></summary>
    public ExitCode ExitCode { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of the host must not wait for a self-test that an earlier start left unfinished.
        await Task.Yield();
        try
        {
            using var session = AgentSession.Open(options, running, time, log);
            await session.Agent.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            ExitCode = ExitCode.Stopped;
        }
        catch (Exception e)
        {
            ExitCode = CodeOf(e);
            log.LogCritical(ExitCode == ExitCode.Failed ? e : null, "The agent ends: {Reason}", e.Message);
            host.StopApplication();
        }
    }

    private static ExitCode CodeOf(Exception e) => e switch
    {
        InputException => ExitCode.InvalidOptions,
        NetworkException => ExitCode.EnrollmentRefused,
        DeviceException or IOException or UnauthorizedAccessException => ExitCode.DataFolderUnusable,
        _ => ExitCode.Failed,
    };
}
