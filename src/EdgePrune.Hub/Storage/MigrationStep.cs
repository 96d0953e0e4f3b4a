using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>What leads from one schema to the next, in one transaction.</summary>
/// <param name="Sql">Statements that change the schema.</param>
/// <param name="Fill">Fills what is new from what was there, or null.</param>
internal sealed record MigrationStep(string Sql, Action<SqliteConnection>? Fill = null);
