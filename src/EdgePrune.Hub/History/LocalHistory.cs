using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>
/// What this machine measured by itself: the hub's own tables in a file of their own, without a hub. Several processes may
/// use one folder at the same time.
/// </summary>
public sealed class LocalHistory : IRunHistory, IAsyncDisposable
{
    /// <summary>Name of this machine in its own history.</summary>
    public const string DeviceName = "this-machine";

    private const string FileName = "history.db";

    private readonly Database _database;
    private readonly RunTable _runs;
    private readonly string _folder;
    private readonly TimeProvider _clock;

    private LocalHistory(Database database, string folder, TimeProvider clock)
    {
        _database = database;
        _runs = new RunTable(database);
        _folder = folder;
        _clock = clock;
    }

    /// <summary>Whether a folder holds a history.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Whether one was kept there.</returns>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Opens the history of a folder, or begins one.</summary>
    /// <param name="folder">The folder; it is made when it does not exist.</param>
    /// <param name="clock">The clock of what is kept.</param>
    /// <returns>The history.</returns>
    /// <exception cref="InputException">The folder cannot be used, or a newer release wrote it.</exception>
    public static LocalHistory Open(string folder, TimeProvider clock)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new LocalHistory(Database.Open(Path.Combine(folder, FileName)), folder, clock);
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Unusable(folder, e);
        }
    }

    /// <summary>Keeps a measurement of this machine.</summary>
    /// <param name="modelName">What the model is called.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="keep">How many measurements are kept; the oldest beyond that are dropped. At least 1.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What lists tell of it.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public async Task<RunSummary> KeepAsync(string modelName, ProfileReport report, int keep, CancellationToken ct)
    {
        var origin = new RunOrigin(DeviceName, DeviceName, modelName, Bundle: null, _clock.GetUtcNow());
        try
        {
            return await _database.WriteAsync(db => RunTable.Add(db, origin, report, keep), ct);
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Unusable(_folder, e);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunFilter filter, int most, CancellationToken ct) => Read(() => _runs.List(filter, before: null, most).Runs);

    /// <inheritdoc/>
    public Task<MeasuredRun> ReadRunAsync(string id, CancellationToken ct) => Read(() => _runs.Find(id) ?? throw new InputException(
        ErrorCode.UnknownRun, $"This machine keeps no measurement '{id}'. List what there is with 'edgeprune history list'."));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<T> Read<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Unusable(_folder, e);
        }
    }

    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException or SqliteException;

    private static InputException Unusable(string folder, Exception e) => new(
        ErrorCode.CannotWrite, $"The history in '{folder}' cannot be used: {e.Message} Name another folder with --history, or set this one right.", e);
}
