using System.Net;
using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub.Tests;

/// <summary>Databases of earlier releases, written out here so that no change of the program can change them.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string Version1 =
        """
        CREATE TABLE devices (
            id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, target TEXT NOT NULL, agent_version TEXT NOT NULL,
            credential_hash BLOB NOT NULL UNIQUE, enrolment INTEGER NOT NULL, last_seen INTEGER NOT NULL, revision INTEGER NOT NULL,
            change BLOB, running_bundle TEXT, previous_bundle TEXT, running_sequence INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE events (
            device_id TEXT NOT NULL REFERENCES devices (id), enrolment INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
            revision INTEGER NOT NULL, at INTEGER NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL,
            UNIQUE (device_id, enrolment, sequence)
        ) STRICT;
        PRAGMA user_version = 1;
        """;

    private static readonly DateTimeOffset Received = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgeprune-migration-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "hub.db");

    [Fact]
    public async Task Start_OnADatabaseOfVersion1_LosesNothingAndTakesMeasurementsOver()
    {
        var bundle = TestBundles.Make();
        var identity = ManifestSignatures.Identity(bundle.Manifest);
        DeviceEvent[] events = [TestBundles.Event(1, bundle: identity), TestReports.Event(2, TestReports.Make(2), identity), TestReports.Event(3, TestReports.Make(3))];
        WriteVersion1(new DesiredChange(bundle.Manifest), [.. events.Select(e => (e, EventPages.Write(e)))]);

        await using var hub = await HubServer.StartAsync(TestHub.OptionsFor(_folder.FullName), null, TimeProvider.System, CancellationToken.None);
        using var client = new HubOperator(hub.Address, TestHub.OperatorToken);
        var device = Assert.Single(await client.ListDevicesAsync(CancellationToken.None));
        var kept = await client.WaitForEventsAsync("pi-1", 0, TimeSpan.Zero, CancellationToken.None);
        var runs = await client.ListRunsAsync(new RunFilter(), 10, CancellationToken.None);

        Assert.Equal(("id-1", "pi-1", 7L, identity), (device.DeviceId, device.Name, device.DesiredRevision, device.RunningBundle));
        Assert.Equal(events.Select(EventPages.Write), kept.Events.Select(EventPages.Write));
        Assert.Equal([3, 2], runs.Select(r => r.StartedAt.Minute));
        Assert.Equal([null, "digits"], runs.Select(r => r.ModelName));
        Assert.All(runs, r => Assert.Equal(("id-1", "pi-1", Received), (r.DeviceId, r.Device, r.KeptAt)));
    }

    [Fact]
    public async Task Open_OldEventsThatCannotBeRead_KeepsThemAndOpens()
    {
        var sound = TestReports.Event(1, TestReports.Make(1));
        var swollen = TestReports.Event(2, TestReports.Make(2) with { ModelSha256 = new string('a', 100) });
        var odd = TestReports.Event(3, TestReports.Make(3));
        WriteVersion1(null, [(sound, EventPages.Write(sound)), (swollen, EventPages.Write(swollen)), (odd, "{\"sequence\":3}"u8.ToArray())]);

        await using var database = Database.Open(Path);

        Assert.Equal((long)Migrations.Newest, database.Read(db => db.Scalar("PRAGMA user_version")));
        Assert.Equal(3L, database.Read(db => db.Scalar("SELECT count(*) FROM events")));
        Assert.Equal(1L, database.Read(db => db.Scalar("SELECT count(*) FROM runs")));
    }

    [Fact]
    public async Task Open_OfManyAtTheSameTime_MigratesOnce()
    {
        var happened = TestReports.Event(1, TestReports.Make());
        WriteVersion1(null, [(happened, EventPages.Write(happened))]);

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Database.Open(Path))));

        Assert.All(opened, database => Assert.Equal(1L, database.Read(db => db.Scalar("SELECT count(*) FROM runs"))));
        foreach (var database in opened)
        {
            await database.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void WriteVersion1(DesiredChange? change, (DeviceEvent Happened, byte[] Body)[] events)
    {
        using var db = new SqliteConnection($"Data Source={Path};Pooling=false");
        db.Open();
        db.Execute(Version1);
        db.Execute(
            "INSERT INTO devices VALUES ('id-1', 'pi-1', 'pi4', '1.0.0', $hash, 1, $seen, 7, $change, $running, NULL, 1)",
            ("$hash", TestBundles.Bytes(32)), ("$seen", Received.UtcTicks), ("$running", events[0].Happened.Bundle),
            ("$change", change is null ? null : JsonSerializer.SerializeToUtf8Bytes(change, ContractsJson.Default.DesiredChange)));
        foreach (var (happened, body) in events)
        {
            db.Execute(
                "INSERT INTO events VALUES ('id-1', 1, $sequence, $kind, 1, $at, $received, $body)",
                ("$sequence", happened.Sequence), ("$kind", happened.Kind.ToString()), ("$at", happened.At.UtcTicks), ("$received", Received.UtcTicks), ("$body", body));
        }
    }
}
