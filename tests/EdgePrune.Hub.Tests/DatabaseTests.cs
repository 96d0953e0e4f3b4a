using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub.Tests;

public sealed class DatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgeprune-db-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "hub.db");

    [Fact]
    public async Task Open_NewFile_HasTheNewestSchemaAndDurableSettings()
    {
        await using var database = Database.Open(Path);

        Assert.Equal((long)Migrations.Newest, database.Read(db => db.Scalar("PRAGMA user_version")));
        Assert.Equal("wal", database.Read(db => db.Scalar("PRAGMA journal_mode")));
        Assert.Equal(2L, await database.WriteAsync(db => db.Scalar("PRAGMA synchronous"), CancellationToken.None));
        Assert.Equal(5000L, await database.WriteAsync(db => db.Scalar("PRAGMA busy_timeout"), CancellationToken.None));
    }

    [Fact]
    public async Task Open_ByANewerProgram_IsRefusedAndLeftAlone()
    {
        await using (Database.Open(Path))
        {
        }

        using (var db = new SqliteConnection($"Data Source={Path};Pooling=false"))
        {
            db.Open();
            db.Execute("PRAGMA user_version = 999");
        }

        var refused = Assert.Throws<InputException>(() => Database.Open(Path));

        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoDatabase_IsRefused()
    {
        await File.WriteAllBytesAsync(Path, TestBundles.Bytes(5000));

        Assert.Throws<SqliteException>(() => Database.Open(Path));
    }

    [Fact]
    public async Task Write_OneOfManyFails_FailsAlone()
    {
        await using var database = Database.Open(Path);
        await database.WriteAsync(db => db.Execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT"), CancellationToken.None);

        var writes = Enumerable.Range(0, 300).Select(i => database.WriteAsync(
            db =>
            {
                db.Execute("INSERT INTO numbers VALUES ($n)", ("$n", i));
                return i % 10 == 0 ? throw new InvalidOperationException("no") : i;
            },
            CancellationToken.None)).ToList();
        await Task.WhenAll(writes.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(30, writes.Count(w => w.IsFaulted));
        Assert.Equal(270L, database.Read(db => db.Scalar("SELECT count(*) FROM numbers")));
        Assert.Equal(0L, database.Read(db => db.Scalar("SELECT count(*) FROM numbers WHERE n % 10 = 0")));
    }

    [Fact]
    public async Task Read_CannotWrite()
    {
        await using var database = Database.Open(Path);

        Assert.Throws<SqliteException>(() => database.Read(db => db.Execute("DELETE FROM devices")));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
