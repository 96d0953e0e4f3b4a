using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A board that can be reached: commands run there, files go there.</summary>
internal interface IBoard
{
    /// <summary>How the user calls it.</summary>
    string Name { get; }

    /// <summary>Runs a shell command there.</summary>
    /// <param name="command">The command.</param>
    /// <param name="input">Its standard input, or null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its standard output.</returns>
    /// <exception cref="DeviceException">The board cannot be reached, or the command failed; the message has the end of its standard error.</exception>
    Task<string> RunAsync(string command, string? input, CancellationToken cancellationToken);

    /// <summary>Copies a file there.</summary>
    /// <param name="file">The file here.</param>
    /// <param name="path">Its path there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DeviceException">It cannot be copied.</exception>
    Task CopyAsync(string file, string path, CancellationToken cancellationToken);
}
