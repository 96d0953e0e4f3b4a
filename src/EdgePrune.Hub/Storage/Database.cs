using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>
/// The hub's SQLite file: one writer that commits what is waiting in one transaction, and readers that never wait for
/// it (write-ahead log). A write is acknowledged after its commit reached the disk (<c>synchronous = FULL</c>).
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private const int QueueLength = 1024;
    private const int MaxBatch = 128;

    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Task _writing;

    private Database(string path, SqliteConnection writer)
    {
        _path = path;
        _writer = writer;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Opens or makes the file and brings it to the newest schema.</summary>
    public static Database Open(string path)
    {
        var writer = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            writer.Execute("PRAGMA journal_mode = WAL");
            writer.Execute("PRAGMA synchronous = FULL");
            writer.Execute("PRAGMA foreign_keys = ON");
            Migrations.Apply(writer);
            return new Database(path, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Reads a committed state.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        var connection = _readers.TryTake(out var idle) ? idle : Connect(_path, SqliteOpenMode.ReadOnly);
        try
        {
            return read(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    /// <summary>Runs a change in its turn; the task ends when the change is on disk, and fails alone when it fails.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> change, CancellationToken ct)
    {
        var write = new Write<T>(change);
        await _queue.Writer.WriteAsync(write, ct);
        // Once queued it is carried out in any case; a caller that gave up must not leave the outcome unobserved.
        return await write.Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // Last, so that SQLite folds the log into the file.
        _writer.Dispose();
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        connection.Execute("PRAGMA busy_timeout = 5000");
        return connection;
    }

    private async Task WriteAsync()
    {
        List<Write> batch = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            Commit(batch);
        }
    }

    private void Commit(List<Write> batch)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var write in batch)
            {
                RunAlone(write);
            }

            _writer.Execute("COMMIT");
            batch.ForEach(w => w.Finish(null));
        }
        catch (Exception e)
        {
            // Whatever it is, every waiting caller must hear of it, and the writer goes on with the next batch.
            RollBack();
            batch.ForEach(w => w.Finish(e));
        }
    }

    private void RunAlone(Write write)
    {
        _writer.Execute("SAVEPOINT one");
        if (!write.TryRun(_writer))
        {
            _writer.Execute("ROLLBACK TO one");
        }

        _writer.Execute("RELEASE one");
    }

    private void RollBack()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk; the first error is the one to report.
        }
    }

    private abstract class Write
    {
        public abstract bool TryRun(SqliteConnection connection);

        public abstract void Finish(Exception? commitFailure);
    }

    private sealed class Write<T>(Func<SqliteConnection, T> change) : Write
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;
        private Exception? _failure;

        public Task<T> Outcome => _outcome.Task;

        public override bool TryRun(SqliteConnection connection)
        {
            try
            {
                _result = change(connection);
                return true;
            }
            catch (Exception e)
            {
                // Whatever a change throws belongs to its caller; the others of the batch are not touched.
                _failure = e;
                return false;
            }
        }

        public override void Finish(Exception? commitFailure)
        {
            if ((_failure ?? commitFailure) is { } failure)
            {
                _outcome.TrySetException(failure);
            }
            else
            {
                _outcome.TrySetResult(_result!);
            }
        }
    }
}
