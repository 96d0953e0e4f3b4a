using System.ComponentModel;
using System.Diagnostics;
using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A board behind SSH, by the programs <c>ssh</c> and <c>scp</c>: keys, ports and jumps are those of the user's configuration.</summary>
internal sealed class SshBoard : IBoard
{
    /// <summary>The environment variable that names another program for <c>ssh</c>.</summary>
    public const string SshVariable = "EDGEPRUNE_SSH";

    /// <summary>The environment variable that names another program for <c>scp</c>.</summary>
    public const string ScpVariable = "EDGEPRUNE_SCP";

    private const int LongestReason = 2000;

    // A board that is switched off must not hold the tool for minutes.
    private static readonly string[] Options = ["-o", "ConnectTimeout=15", "--"];

    private readonly string _ssh;
    private readonly string _scp;

    /// <summary>Makes a board.</summary>
    /// <param name="destination">As for <c>ssh</c>: <c>user@host</c>, or a host of the configuration.</param>
    /// <param name="environment">Value of an environment variable, or null.</param>
    /// <exception cref="InputException">The destination is none.</exception>
    public SshBoard(string destination, Func<string, string?> environment)
    {
        // What starts with a hyphen would be an option to ssh, and options can run programs here.
        if (destination.Length == 0 || destination[0] == '-' || destination.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new InputException(ErrorCode.InvalidOption, $"--ssh is '{destination}'; write a destination such as 'pi@door-camera-7.local'.");
        }

        Name = destination;
        _ssh = environment(SshVariable) is { Length: > 0 } ssh ? ssh : "ssh";
        _scp = environment(ScpVariable) is { Length: > 0 } scp ? scp : "scp";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Task<string> RunAsync(string command, string? input, CancellationToken cancellationToken) =>
        CallAsync(_ssh, [.. Options, Name, command], input, cancellationToken);

    /// <inheritdoc/>
    public Task CopyAsync(string file, string path, CancellationToken cancellationToken) =>
        CallAsync(_scp, ["-q", .. Options, Path.GetFullPath(file), $"{Name}:{path}"], input: null, cancellationToken);

    private async Task<string> CallAsync(string program, string[] arguments, string? input, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await FeedAsync(process, input, cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            var reason = (await error.ConfigureAwait(false)).Trim();
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new DeviceException(ErrorCode.InstallFailed, $"'{Path.GetFileName(program)}' to {Name} ended with exit code {process.ExitCode}: {Tail(reason)}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start) ?? throw new Win32Exception("no process was started");
        }
        catch (Win32Exception e)
        {
            throw new InputException(ErrorCode.FileNotFound, $"'{program}' cannot be started: {e.Message}. Install an SSH client, or leave --ssh out and follow the printed recipe.", e);
        }
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code says more than the broken pipe.
        }
    }

    private static string Tail(string reason) => reason.Length switch
    {
        0 => "it gave no reason.",
        > LongestReason => "..." + reason[^LongestReason..],
        _ => reason,
    };
}
