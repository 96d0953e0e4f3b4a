using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>The devices and what each should run.</summary>
internal sealed class DeviceTable(Database database)
{
    private const string RowColumns = "SELECT id, enrolment, last_seen FROM devices ";

    /// <summary>
    /// Makes a device known, or renews the credential of one that is: the old credential stops working, and its events
    /// start anew, because a device that lost its state counts from 1 again. Null when the hub is full.
    /// </summary>
    public Task<string?> EnrolAsync(EnrollRequest request, string newId, byte[] credentialHash, int maxDevices, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync<string?>(db => Renew(db, request, credentialHash, now) ?? Insert(db, request, newId, credentialHash, maxDevices, now), ct);

    public DeviceRow? FindByCredential(byte[] hash) => database.Read(db =>
        db.Rows(ReadRow, RowColumns + "WHERE credential_hash = $hash", ("$hash", hash)).FirstOrDefault());

    /// <summary>Finds a device by its id or else by its name: an id that somebody took as a name hides no device.</summary>
    public DeviceRow? Find(string idOrName) => database.Read(db =>
        db.Rows(ReadRow, RowColumns + "WHERE id = $key OR name = $key ORDER BY id = $key DESC LIMIT 1", ("$key", idOrName)).FirstOrDefault());

    public IReadOnlyList<DeviceInfo> List() => database.Read(db => db.Rows(
        r => new DeviceInfo
        {
            DeviceId = r.GetString(0),
            Name = r.GetString(1),
            Target = r.GetString(2),
            AgentVersion = r.GetString(3),
            LastSeen = Moment(r.GetInt64(4)),
            DesiredRevision = r.GetInt64(5),
            RunningBundle = r.Text(6),
        },
        "SELECT id, name, target, agent_version, last_seen, revision, running_bundle FROM devices ORDER BY name"));

    public Task SeenAsync(string id, DateTimeOffset at, CancellationToken ct) => database.WriteAsync(
        db => db.Execute("UPDATE devices SET last_seen = max(last_seen, $at) WHERE id = $id", ("$at", at.UtcTicks), ("$id", id)), ct);

    public Task<DesiredState> SetDesiredAsync(string id, DesiredChange change, CancellationToken ct) => database.WriteAsync(
        db =>
        {
            var revision = (long)db.Scalar(
                "UPDATE devices SET revision = revision + 1, change = $change WHERE id = $id RETURNING revision",
                ("$change", JsonSerializer.SerializeToUtf8Bytes(change, ContractsJson.Default.DesiredChange)), ("$id", id))!;
            if (change.Bundle is { } bundle)
            {
                BundleTable.Remember(db, bundle);
            }

            return State(revision, change);
        }, ct);

    /// <summary>The state above a revision, for the enrolment that asks; null when there is none, or when the device enrolled again meanwhile.</summary>
    public DesiredState? DesiredAfter(DeviceRow device, long after) => database.Read(db => db.Rows(
        r => State(r.GetInt64(0), JsonSerializer.Deserialize(r.GetFieldValue<byte[]>(1), ContractsJson.Default.DesiredChange)!),
        "SELECT revision, change FROM devices WHERE id = $id AND enrolment = $enrolment AND change IS NOT NULL AND revision > $after",
        ("$id", device.Id), ("$enrolment", device.Enrolment), ("$after", after)).FirstOrDefault());

    public long Revision(string id) => database.Read(db => (long)(db.Scalar("SELECT revision FROM devices WHERE id = $id", ("$id", id)) ?? 0L));

    /// <summary>
    /// Lifts the revision above one that a device has seen and this database has not, as after a restored backup:
    /// otherwise the device would take every coming change for an old one.
    /// </summary>
    public Task LiftRevisionAsync(string id, long seen, CancellationToken ct) => database.WriteAsync(
        db => db.Execute(
            "UPDATE devices SET revision = $seen + (change IS NOT NULL) WHERE id = $id AND revision < $seen", ("$seen", seen), ("$id", id)), ct);

    private static string? Renew(SqliteConnection db, EnrollRequest request, byte[] credentialHash, DateTimeOffset now) => (string?)db.Scalar(
        """
        UPDATE devices SET target = $target, agent_version = $version, credential_hash = $hash, enrolment = enrolment + 1,
            last_seen = $now, running_bundle = NULL, previous_bundle = NULL, running_sequence = 0
        WHERE name = $name RETURNING id
        """,
        ("$target", request.Target), ("$version", request.AgentVersion), ("$hash", credentialHash), ("$now", now.UtcTicks), ("$name", request.Name));

    private static string? Insert(SqliteConnection db, EnrollRequest request, string id, byte[] credentialHash, int maxDevices, DateTimeOffset now) => (string?)db.Scalar(
        """
        INSERT INTO devices (id, name, target, agent_version, credential_hash, enrolment, last_seen, revision, running_sequence)
        SELECT $id, $name, $target, $version, $hash, 1, $now, 0, 0 WHERE (SELECT count(*) FROM devices) < $max RETURNING id
        """,
        ("$id", id), ("$name", request.Name), ("$target", request.Target), ("$version", request.AgentVersion),
        ("$hash", credentialHash), ("$now", now.UtcTicks), ("$max", maxDevices));

    private static DesiredState State(long revision, DesiredChange change) =>
        new() { Revision = revision, Bundle = change.Bundle, Profile = change.Profile };

    private static DeviceRow ReadRow(SqliteDataReader r) => new(r.GetString(0), r.GetInt64(1), Moment(r.GetInt64(2)));

    private static DateTimeOffset Moment(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
