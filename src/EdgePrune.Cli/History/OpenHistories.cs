using EdgePrune.Contracts;
using EdgePrune.Hub;

namespace EdgePrune.Cli;

/// <summary>The histories that a verb reads.</summary>
/// <param name="hub">The hub, or null.</param>
/// <param name="local">This machine, or null when it kept nothing yet.</param>
internal sealed class OpenHistories(HubOperator? hub, LocalHistory? local) : IAsyncDisposable
{
    /// <summary>Finds measurements in all of them.</summary>
    public RunFinder Finder { get; } = new([.. new IRunHistory?[] { hub, local }.OfType<IRunHistory>()]);

    /// <summary>Lists the measurements of the hub, or of this machine where no hub was named.</summary>
    public async Task<IReadOnlyList<RunSummary>> ListAsync(RunFilter filter, int most, CancellationToken cancellationToken) =>
        ((IRunHistory?)hub ?? local) is { } history ? await history.ListRunsAsync(filter, most, cancellationToken).ConfigureAwait(false) : [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        hub?.Dispose();
        if (local is not null)
        {
            await local.DisposeAsync().ConfigureAwait(false);
        }
    }
}
