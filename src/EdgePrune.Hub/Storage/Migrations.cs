using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>Brings a database to the newest schema. Entry n makes version n + 1; entries are added, never changed.</summary>
internal static class Migrations
{
    private static readonly string[] Steps =
    [
        // Events carry the enrolment they came under: a device that lost its state counts from 1 again, and its new
        // events must not be taken for repeats of the old ones.
        """
        CREATE TABLE devices (
            id               TEXT    NOT NULL PRIMARY KEY,
            name             TEXT    NOT NULL UNIQUE,
            target           TEXT    NOT NULL,
            agent_version    TEXT    NOT NULL,
            credential_hash  BLOB    NOT NULL UNIQUE,
            enrolment        INTEGER NOT NULL,
            last_seen        INTEGER NOT NULL,
            revision         INTEGER NOT NULL,
            change           BLOB,
            running_bundle   TEXT,
            previous_bundle  TEXT,
            running_sequence INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE events (
            device_id   TEXT    NOT NULL REFERENCES devices (id),
            enrolment   INTEGER NOT NULL,
            sequence    INTEGER NOT NULL,
            kind        TEXT    NOT NULL,
            revision    INTEGER NOT NULL,
            at          INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            body        BLOB    NOT NULL,
            UNIQUE (device_id, enrolment, sequence)
        ) STRICT;
        """,
    ];

    public static int Newest => Steps.Length;

    /// <summary>Applies the steps that are missing, each in its own transaction with the version it makes.</summary>
    public static void Apply(SqliteConnection connection)
    {
        var version = Convert.ToInt32(connection.Scalar("PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (version > Newest)
        {
            throw new InputException(ErrorCode.InvalidOption,
                $"The hub's database '{connection.DataSource}' has schema version {version}, but this program knows {Newest} at most. Start the newer hub that wrote it.");
        }

        for (; version < Newest; version++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            // A pragma takes no parameters; the number is the program's own.
            command.CommandText = Steps[version] + $"PRAGMA user_version = {version + 1};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }
}
