using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>Installs the agent on a board: asks what it is, copies the package, runs the script, clears up.</summary>
/// <param name="board">The board.</param>
internal sealed class BoardInstaller(IBoard board)
{
    /// <summary>Installs the agent.</summary>
    /// <param name="package">The Debian package here.</param>
    /// <param name="script">What <see cref="InstallScript.For"/> made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last of <see cref="InstallScript.States"/> that was reached.</returns>
    /// <exception cref="InputException">The package is for another processor.</exception>
    /// <exception cref="DeviceException">The board cannot be reached or is none for the agent, or a step failed there.</exception>
    public async Task<string> RunAsync(string package, string script, CancellationToken cancellationToken)
    {
        RequireFor(package, await ArchitectureAsync(cancellationToken).ConfigureAwait(false));
        var folder = await FolderAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var there = $"{folder}/agent.deb";
            await board.CopyAsync(package, there, cancellationToken).ConfigureAwait(false);
            // The script goes through the standard input: its token is in no process list and in no file there.
            var output = await board.RunAsync($"if [ \"$(id -u)\" -eq 0 ]; then sh -s -- {there}; else sudo -n sh -s -- {there}; fi", script, cancellationToken).ConfigureAwait(false);
            return StateOf(output);
        }
        finally
        {
            await ClearAsync(folder).ConfigureAwait(false);
        }
    }

    private async Task<string> ArchitectureAsync(CancellationToken cancellationToken) =>
        (await board.RunAsync("dpkg --print-architecture", input: null, cancellationToken).ConfigureAwait(false)).Trim();

    private void RequireFor(string package, string architecture)
    {
        if (architecture is not ("arm64" or "amd64"))
        {
            throw new DeviceException(ErrorCode.InstallFailed, $"{board.Name} says that it is '{architecture}'; the agent runs on arm64 and amd64. Put a 64-bit system on it.");
        }

        if (!Path.GetFileName(package).EndsWith($"_{architecture}.deb", StringComparison.Ordinal))
        {
            throw new InputException(ErrorCode.InvalidOption, $"{board.Name} is {architecture}, and '{package}' is for another processor. Make the package with 'packaging/build-deb.sh {architecture}'.");
        }
    }

    private async Task<string> FolderAsync(CancellationToken cancellationToken)
    {
        var folder = (await board.RunAsync("mktemp -d", input: null, cancellationToken).ConfigureAwait(false)).Trim();
        // It becomes part of commands.
        return folder.StartsWith('/') && folder.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
            ? folder
            : throw new DeviceException(ErrorCode.InstallFailed, $"{board.Name} answered '{folder}' to 'mktemp -d', which is no plain path. Check that its shell prints nothing when it starts.");
    }

    private string StateOf(string output)
    {
        var last = output.TrimEnd().Split('\n')[^1].Trim();
        return InstallScript.States.All.Contains(last)
            ? last
            : throw new DeviceException(ErrorCode.InstallFailed, $"The installation on {board.Name} broke off; its last line is '{last}'. Run it again.");
    }

    private async Task ClearAsync(string folder)
    {
        try
        {
            await board.RunAsync($"rm -rf {folder}", input: null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DeviceException)
        {
            // The error that led here says more; a temporary folder goes with the next start of the board.
        }
    }
}
