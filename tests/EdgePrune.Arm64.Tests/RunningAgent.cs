using System.Diagnostics;

namespace EdgePrune.Arm64.Tests;

/// <summary>An agent under the emulator, and what it writes.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource Seen)> _awaited = [];

    private RunningAgent(Process process) => _process = process;

    /// <summary>Everything it and its child processes wrote.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public static RunningAgent Start(ProcessStartInfo start)
    {
        var agent = new RunningAgent(new Process { StartInfo = start, EnableRaisingEvents = true });
        agent._process.OutputDataReceived += agent.Keep;
        agent._process.ErrorDataReceived += agent.Keep;
        agent._process.Exited += agent.Fail;
        agent._process.Start();
        agent._process.StandardInput.Close();
        agent._process.BeginOutputReadLine();
        agent._process.BeginErrorReadLine();
        return agent;
    }

    /// <summary>Waits until a line with <paramref name="part"/> was written; fails when the agent ends before.</summary>
    public Task SeeAsync(string part)
    {
        lock (_lines)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Any(l => l.Contains(part, StringComparison.Ordinal)))
            {
                seen.SetResult();
            }

            _awaited.Add((part, seen));
            return seen.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it with all it started, at once and without warning, as a power cut does.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Exited -= Fail;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is not { } line)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (part, seen) in _awaited.Where(a => line.Contains(a.Part, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }

    private void Fail(object? sender, EventArgs e)
    {
        lock (_lines)
        {
            foreach (var (part, seen) in _awaited)
            {
                seen.TrySetException(new InvalidOperationException($"The agent ended before it wrote '{part}':\n{string.Join('\n', _lines)}"));
            }
        }
    }
}
