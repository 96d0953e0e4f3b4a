using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EndToEnd.Tests;

/// <summary>The real tool as a process of its own.</summary>
internal sealed partial class ToolProcess : IAsyncDisposable
{
    private const int Interrupt = 2;

    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;

    private ToolProcess(Process process)
    {
        _process = process;
        process.Start();
        process.StandardInput.Close();
        _out = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the tool.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ToolProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("env")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            // Under nohup or in the background of a shell these are ignored by whatever is started; the tool is to see them all the same.
            ArgumentList = { "--default-signal=INT,HUP", "dotnet" },
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edgeprune.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ToolProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Exit code, standard output and standard error.</returns>
    public static async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        await using var tool = Start(arguments);
        return await tool.EndAsync();
    }

    /// <summary>Waits until it ends.</summary>
    /// <returns>Exit code, standard output and standard error.</returns>
    public async Task<(int Code, string Out, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _out, await _error);
    }

    /// <summary>Id of a child of the tool whose command line names a program, or null.</summary>
    /// <param name="program">The program.</param>
    public int? Child(string program) => Directory.EnumerateDirectories($"/proc/{Id}/task")
        .SelectMany(t => TryRead(Path.Combine(t, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(id => TryRead($"/proc/{id}/cmdline").Contains(program, StringComparison.Ordinal))
        .Select(id => (int?)int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();

    /// <summary>Presses Ctrl-C.</summary>
    public void PressCtrlC() => Assert.Equal(0, Signal(_process.Id, Interrupt));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // A thread or process that ended meanwhile.
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
