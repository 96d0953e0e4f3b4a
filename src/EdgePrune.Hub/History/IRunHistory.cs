using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>Measurements that are kept: by a hub, or by this machine.</summary>
public interface IRunHistory
{
    /// <summary>Lists measurements, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="most">How many at most, 1 or more.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What is known of each.</returns>
    /// <exception cref="EdgePruneException">The history cannot be read, or knows no such device.</exception>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunFilter filter, int most, CancellationToken ct);

    /// <summary>Reads a measurement.</summary>
    /// <param name="id">Its whole id.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The measurement with its report.</returns>
    /// <exception cref="InputException">None has that id (<see cref="ErrorCode.UnknownRun"/>).</exception>
    /// <exception cref="EdgePruneException">The history cannot be read.</exception>
    Task<MeasuredRun> ReadRunAsync(string id, CancellationToken ct);
}
