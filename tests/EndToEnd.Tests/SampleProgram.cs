using System.Diagnostics;
using System.Threading.Channels;

namespace EndToEnd.Tests;

/// <summary>A program whose input and output are lines; it ends with its input, or is killed.</summary>
internal sealed class SampleProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private SampleProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data is null ? null : $"error: {e.Data}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static SampleProgram Start(string assembly, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new SampleProgram(Process.Start(start)!);
    }

    public void Write(string line) => _process.StandardInput.WriteLine(line);

    public async Task<string> ReadAsync(CancellationToken stop) => await _lines.Reader.ReadAsync(stop);

    public async Task<int> EndAsync(CancellationToken stop)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
