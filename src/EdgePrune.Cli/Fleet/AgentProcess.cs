using System.Diagnostics;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>An agent that runs as a process of this tool's own, and ends with it.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private const int TailLines = 5;

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _tail = new();
    private bool _isClosed;

    private AgentProcess(Process process, StreamWriter log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Starts an agent.</summary>
    /// <param name="program">The agent program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="token">The enrolment token, passed in the environment: arguments can be read by everyone.</param>
    /// <param name="logPath">Where its log goes.</param>
    /// <returns>The agent, running.</returns>
    /// <exception cref="DeviceException">It cannot be started.</exception>
    public static AgentProcess Start(AgentProgram program, IEnumerable<string> arguments, string token, string logPath)
    {
        var start = new ProcessStartInfo(program.Executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in program.Arguments.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["EDGEPRUNE_TOKEN"] = token;
        var process = new Process { StartInfo = start };
        var agent = new AgentProcess(process, new StreamWriter(logPath, append: true) { AutoFlush = true });
        process.OutputDataReceived += agent.Keep;
        process.ErrorDataReceived += agent.Keep;
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            agent._log.Dispose();
            process.Dispose();
            throw new DeviceException(ErrorCode.MeasurementFailed, $"The agent '{program.Executable}' cannot be started: {e.Message} Name another in {AgentProgram.Variable}.", e);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return agent;
    }

    /// <summary>Requires that the agent still runs.</summary>
    /// <exception cref="DeviceException">It ended; the message has the end of its log.</exception>
    public void RequireRunning()
    {
        if (_process.HasExited)
        {
            throw new DeviceException(ErrorCode.MeasurementFailed, $"The agent ended with exit code {_process.ExitCode}. The end of its log: {Tail()}");
        }
    }

    /// <summary>Ends the agent with everything it started, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        _process.Dispose();
        lock (_tail)
        {
            _isClosed = true;
            _log.Dispose();
        }
    }

    private void Keep(object sender, DataReceivedEventArgs received)
    {
        lock (_tail)
        {
            if (received.Data is not { } line || _isClosed)
            {
                return;
            }

            _log.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    private string Tail()
    {
        lock (_tail)
        {
            return _tail.Count == 0 ? "(empty)" : string.Join(" | ", _tail);
        }
    }
}
