using System.Globalization;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>Brings a database to the newest schema. Entry n makes version n + 1; entries are added, never changed.</summary>
internal static class Migrations
{
    private static readonly MigrationStep[] Steps =
    [
        // Events carry the enrolment they came under: a device that lost its state counts from 1 again, and its new
        // events must not be taken for repeats of the old ones.
        new("""
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
        """),
        // Measurements outlive their events. Their numbers are never used again, so that a page that was begun goes on right.
        new("""
        CREATE TABLE runs (
            number       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            id           TEXT    NOT NULL UNIQUE,
            device_id    TEXT    NOT NULL,
            model_sha256 TEXT    NOT NULL,
            summary      BLOB    NOT NULL,
            report       BLOB    NOT NULL
        ) STRICT;
        CREATE INDEX runs_by_device ON runs (device_id, number);
        CREATE INDEX runs_by_model ON runs (model_sha256, number);
        CREATE TABLE bundles (
            number   INTEGER NOT NULL PRIMARY KEY,
            identity TEXT    NOT NULL UNIQUE,
            name     TEXT    NOT NULL,
            manifest BLOB    NOT NULL
        ) STRICT;
        """, OldRuns.TakeOver),
    ];

    public static int Newest => Steps.Length;

    /// <summary>Applies the steps that are missing, each in its own transaction with the version it makes.</summary>
    public static void Apply(SqliteConnection connection)
    {
        if (Version(connection) is var version && version > Newest)
        {
            throw new InputException(ErrorCode.InvalidOption,
                $"The database '{connection.DataSource}' has schema version {version}, but this program knows {Newest} at most. Use the newer release that wrote it.");
        }

        while (Version(connection) < Newest)
        {
            ApplyNext(connection);
        }
    }

    private static void ApplyNext(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        // Asked again under the lock: another process may have taken the step meanwhile.
        if (Version(connection) is var version && version < Newest)
        {
            connection.Execute(Steps[version].Sql);
            Steps[version].Fill?.Invoke(connection);
            // A pragma takes no parameters; the number is the program's own.
            connection.Execute($"PRAGMA user_version = {version + 1}");
        }

        transaction.Commit();
    }

    private static int Version(SqliteConnection connection) =>
        Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
}
