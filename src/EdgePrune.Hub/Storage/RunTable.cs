using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>The measurements that are kept, in the order in which they came.</summary>
internal sealed class RunTable(Database database)
{
    /// <summary>Most measurements of one page; a summary is below 2 KiB.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Longest report, so that it fits into one message with its summary.</summary>
    public const int MaxReportBytes = ProtocolLimits.MaxMessageBytes - 4096;

    /// <summary>Keeps a measurement unless it is kept already, and drops the oldest of its device beyond a number.</summary>
    /// <param name="db">The writer.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="keep">How many are kept for each device.</param>
    public static RunSummary Add(SqliteConnection db, RunOrigin origin, ProfileReport report, int keep)
    {
        var body = Write(report);
        var summary = origin.Summarize(IdOf(origin.DeviceId, body), report);
        db.Execute(
            "INSERT INTO runs (id, device_id, model_sha256, summary, report) VALUES ($id, $device, $model, $summary, $report) ON CONFLICT DO NOTHING",
            ("$id", summary.Id), ("$device", origin.DeviceId), ("$model", report.ModelSha256),
            ("$summary", JsonSerializer.SerializeToUtf8Bytes(summary, ContractsJson.Default.RunSummary)), ("$report", body));
        db.Execute(
            "DELETE FROM runs WHERE device_id = $id AND number <= (SELECT number FROM runs WHERE device_id = $id ORDER BY number DESC LIMIT 1 OFFSET $keep)",
            ("$id", origin.DeviceId), ("$keep", keep));
        return summary;
    }

    /// <summary>The bytes of a report, as they are kept.</summary>
    public static byte[] Write(ProfileReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ContractsJson.Default.ProfileReport);

    /// <summary>A page, newest first.</summary>
    /// <param name="filter">Which; a device by its id.</param>
    /// <param name="before">Only those that came before this number, or null for all.</param>
    /// <param name="count">Most of the page.</param>
    public RunPage List(RunFilter filter, long? before, int count)
    {
        List<string> conditions = ["true"];
        List<(string Name, object? Value)> values = [("$count", count + 1)];
        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                values.Add((name, value));
            }
        }

        Where("device_id = $device", "$device", filter.Device);
        Where("model_sha256 = $model", "$model", filter.ModelSha256);
        Where("id >= $low", "$low", filter.IdStart);
        // No digit is above 'g', so this is the end of all that begin so.
        Where("id < $high", "$high", filter.IdStart is { } start ? start + "g" : null);
        Where("number < $before", "$before", before);
        var rows = database.Read(db => db.Rows(
            r => (Number: r.GetInt64(0), Summary: JsonSerializer.Deserialize(r.GetFieldValue<byte[]>(1), ContractsJson.Default.RunSummary)!),
            $"SELECT number, summary FROM runs WHERE {string.Join(" AND ", conditions)} ORDER BY number DESC LIMIT $count", [.. values]));
        return new RunPage([.. rows.Take(count).Select(r => r.Summary)], rows.Count > count ? rows[count - 1].Number : null);
    }

    /// <summary>A measurement by its whole id, or null.</summary>
    public MeasuredRun? Find(string id) => database.Read(db => db.Rows(
        r => new MeasuredRun(
            JsonSerializer.Deserialize(r.GetFieldValue<byte[]>(0), ContractsJson.Default.RunSummary)!,
            JsonSerializer.Deserialize(r.GetFieldValue<byte[]>(1), ContractsJson.Default.ProfileReport)!),
        "SELECT summary, report FROM runs WHERE id = $id", ("$id", id)).FirstOrDefault());

    private static string IdOf(string deviceId, byte[] report) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(deviceId), (byte)'\n', .. report]))[..RunSummary.IdLength];
}
