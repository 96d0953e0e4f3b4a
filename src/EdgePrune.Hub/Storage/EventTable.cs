using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>How adding an event went.</summary>
internal enum EventOutcome
{
    /// <summary>It is new and on disk.</summary>
    Added,
    /// <summary>The same event came before; nothing changed.</summary>
    Repeated,
    /// <summary>Another event has its sequence.</summary>
    SequenceTaken,
}

/// <summary>What happened on the devices, and which bundle each runs according to it.</summary>
internal sealed class EventTable(Database database)
{
    private const int MaxEventsPerPage = 100;
    private const string FromPresentEnrolment =
        "FROM events e JOIN devices d ON d.id = e.device_id AND d.enrolment = e.enrolment WHERE e.device_id = $id AND e.sequence > $after ";

    /// <summary>Adds an event once; the key is (device, enrolment, sequence).</summary>
    public Task<EventOutcome> AddAsync(DeviceRow device, DeviceEvent happened, byte[] body, KeepLimits keep, DateTimeOffset now, CancellationToken ct) =>
        database.WriteAsync(db => Add(db, device, happened, body, keep, now), ct);

    /// <summary>The events of the device's present enrolment above a sequence, as many as fit into one message; null when there is none.</summary>
    public EventPage? After(string deviceId, long after) => database.Read(db =>
    {
        if (LastOfPage(db, deviceId, after) is not { } last)
        {
            return null;
        }

        var bodies = db.Rows(
            r => r.GetFieldValue<byte[]>(0),
            "SELECT e.body " + FromPresentEnrolment + "AND e.sequence <= $last ORDER BY e.sequence",
            ("$id", deviceId), ("$after", after), ("$last", last));
        return new EventPage([.. bodies.Select(EventPages.Parse)]);
    });

    // The lengths first: bodies that would not fit are not read.
    private static long? LastOfPage(SqliteConnection db, string deviceId, long after)
    {
        var sizes = db.Rows(
            r => (Sequence: r.GetInt64(0), Bytes: r.GetInt64(1)),
            "SELECT e.sequence, length(e.body) " + FromPresentEnrolment + "ORDER BY e.sequence LIMIT $count",
            ("$id", deviceId), ("$after", after), ("$count", MaxEventsPerPage));
        long? last = null;
        long total = 0;
        foreach (var (sequence, bytes) in sizes)
        {
            total += bytes;
            if (total > EventPages.MaxBytes)
            {
                break;
            }

            last = sequence;
        }

        return last;
    }

    private static EventOutcome Add(SqliteConnection db, DeviceRow device, DeviceEvent happened, byte[] body, KeepLimits keep, DateTimeOffset now)
    {
        var added = db.Execute(
            """
            INSERT INTO events (device_id, enrolment, sequence, kind, revision, at, received_at, body)
            VALUES ($id, $enrolment, $sequence, $kind, $revision, $at, $now, $body) ON CONFLICT DO NOTHING
            """,
            ("$id", device.Id), ("$enrolment", device.Enrolment), ("$sequence", happened.Sequence), ("$kind", happened.Kind.ToString()),
            ("$revision", happened.Revision), ("$at", happened.At.UtcTicks), ("$now", now.UtcTicks), ("$body", body));
        if (added == 0)
        {
            return IsSame(db, device, happened) ? EventOutcome.Repeated : EventOutcome.SequenceTaken;
        }

        UpdateRunning(db, device.Id, happened);
        if (happened is { Kind: DeviceEventKind.Profiled, Profile: { } report })
        {
            var name = (string)db.Scalar("SELECT name FROM devices WHERE id = $id", ("$id", device.Id))!;
            RunTable.Add(db, new RunOrigin(device.Id, name, BundleTable.NameOf(db, happened.Bundle), happened.Bundle, now), report, keep.Runs);
        }

        DropOldest(db, device.Id, keep.Events);
        return EventOutcome.Added;
    }

    // Only what no version of the agent would write differently decides: a newer agent may serialise an old event with more members.
    private static bool IsSame(SqliteConnection db, DeviceRow device, DeviceEvent happened) => db.Scalar(
        """
        SELECT 1 FROM events WHERE device_id = $id AND enrolment = $enrolment AND sequence = $sequence
            AND kind = $kind AND revision = $revision AND at = $at
        """,
        ("$id", device.Id), ("$enrolment", device.Enrolment), ("$sequence", happened.Sequence),
        ("$kind", happened.Kind.ToString()), ("$revision", happened.Revision), ("$at", happened.At.UtcTicks)) is not null;

    private static void UpdateRunning(SqliteConnection db, string id, DeviceEvent happened)
    {
        var change = happened.Kind switch
        {
            DeviceEventKind.Installed =>
                "previous_bundle = CASE WHEN running_bundle = $bundle THEN previous_bundle ELSE running_bundle END, running_bundle = $bundle, ",
            // Back to what ran before; an event about some other bundle changes nothing.
            DeviceEventKind.RolledBack =>
                """
                running_bundle = CASE WHEN $bundle IS NULL OR running_bundle = $bundle THEN previous_bundle ELSE running_bundle END,
                previous_bundle = CASE WHEN $bundle IS NULL OR running_bundle = $bundle THEN NULL ELSE previous_bundle END,
                """,
            _ => null,
        };
        if (change is not null)
        {
            db.Execute(
                "UPDATE devices SET " + change + "running_sequence = $sequence WHERE id = $id AND running_sequence < $sequence",
                ("$bundle", happened.Bundle), ("$sequence", happened.Sequence), ("$id", id));
        }
    }

    // By row id, the order of arrival, so that events of earlier enrolments go first.
    private static void DropOldest(SqliteConnection db, string id, int keep) => db.Execute(
        "DELETE FROM events WHERE device_id = $id AND rowid <= (SELECT rowid FROM events WHERE device_id = $id ORDER BY rowid DESC LIMIT 1 OFFSET $keep)",
        ("$id", id), ("$keep", keep));
}
