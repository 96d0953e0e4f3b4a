using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>Takes the measurements of a database from before there was a history of them over into it; the events stay as they are.</summary>
internal static class OldRuns
{
    /// <summary>Fills the tables of measurements and of bundles.</summary>
    public static void TakeOver(SqliteConnection db)
    {
        foreach (var change in db.Rows(r => r.GetFieldValue<byte[]>(0), "SELECT change FROM devices WHERE change IS NOT NULL"))
        {
            if (Parse(change, ContractsJson.Default.DesiredChange)?.Bundle is { } bundle)
            {
                BundleTable.Remember(db, bundle);
            }
        }

        // One body at a time: all of them may be more than the memory holds.
        foreach (var row in db.Rows(r => r.GetInt64(0), "SELECT rowid FROM events WHERE kind = 'Profiled' ORDER BY rowid"))
        {
            TakeOver(db, row);
        }
    }

    private static void TakeOver(SqliteConnection db, long row)
    {
        var (id, name, at, body) = db.Rows(
            r => (r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetFieldValue<byte[]>(3)),
            "SELECT d.id, d.name, e.received_at, e.body FROM events e JOIN devices d ON d.id = e.device_id WHERE e.rowid = $row", ("$row", row)).Single();
        if (Parse(body, ContractsJson.Default.DeviceEvent) is { Profile: { } report } happened && EventRules.FaultOf(report) is null)
        {
            var origin = new RunOrigin(id, name, BundleTable.NameOf(db, happened.Bundle), happened.Bundle, new DateTimeOffset(at, TimeSpan.Zero));
            RunTable.Add(db, origin, report, int.MaxValue);
        }
    }

    // What an older version wrote and this one cannot read stays an event, and does not keep the hub from starting.
    private static T? Parse<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return StrictJson.Read(body, type);
        }
        catch (Exception e) when (e is JsonException or OverflowException)
        {
            return null;
        }
    }
}
