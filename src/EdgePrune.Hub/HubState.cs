using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>What a hub keeps in its data folder, opened by one hub at a time.</summary>
internal sealed class HubState : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly Database _database;

    private HubState(FileStream @lock, Database database, BlobFolder blobs, TimeProvider clock)
    {
        _lock = @lock;
        _database = database;
        Blobs = blobs;
        Devices = new DeviceTable(database);
        Events = new EventTable(database);
        Runs = new RunTable(database);
        Bundles = new BundleTable(database);
        LastSeen = new LastSeen(Devices, clock);
    }

    public DeviceTable Devices { get; }

    public EventTable Events { get; }

    public RunTable Runs { get; }

    public BundleTable Bundles { get; }

    public BlobFolder Blobs { get; }

    public LastSeen LastSeen { get; }

    /// <summary>Opens the folder, or makes it.</summary>
    public static async Task<HubState> OpenAsync(string folder, TimeProvider clock)
    {
        FileStream? held = null;
        Database? database = null;
        try
        {
            Directory.CreateDirectory(folder);
            held = Lock(folder);
            database = Database.Open(Path.Combine(folder, "hub.db"));
            return new HubState(held, database, new BlobFolder(folder), clock);
        }
        catch (Exception e)
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException or SqliteException)
            {
                throw new InputException(ErrorCode.CannotWrite, $"The hub cannot use the data folder '{folder}': {e.Message} Name a folder it may write to.", e);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await LastSeen.SaveAsync();
        }
        finally
        {
            await _database.DisposeAsync();
            await _lock.DisposeAsync();
        }
    }

    // Long polls are woken within one process; a second one on the same folder would leave them asleep.
    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "hub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InputException(ErrorCode.InvalidOption, $"Another hub uses the data folder '{folder}'. Stop it, or name another folder.", e);
        }
    }
}
