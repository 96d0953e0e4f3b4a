using System.Text.Json;
using EdgePrune.Contracts;
using Microsoft.Data.Sqlite;

namespace EdgePrune.Hub;

/// <summary>The manifests that were ordered here: measurements are named by them, and a device can be given back what it ran.</summary>
internal sealed class BundleTable(Database database)
{
    private const int MaxBundles = 10_000;

    /// <summary>Remembers a manifest; the oldest beyond 10,000 are forgotten.</summary>
    public static void Remember(SqliteConnection db, SignedManifest bundle)
    {
        db.Execute(
            "INSERT INTO bundles (identity, name, manifest) VALUES ($id, $name, $manifest) ON CONFLICT (identity) DO UPDATE SET manifest = $manifest",
            ("$id", ManifestSignatures.Identity(bundle)), ("$name", ManifestSignatures.Parse(bundle.Payload).Name),
            ("$manifest", JsonSerializer.SerializeToUtf8Bytes(bundle, ContractsJson.Default.SignedManifest)));
        db.Execute("DELETE FROM bundles WHERE number <= (SELECT max(number) FROM bundles) - $keep", ("$keep", MaxBundles));
    }

    /// <summary>What a bundle is called, or null.</summary>
    public static string? NameOf(SqliteConnection db, string? identity) =>
        (string?)db.Scalar("SELECT name FROM bundles WHERE identity = $id", ("$id", identity));

    /// <summary>The manifest of a bundle, or null.</summary>
    public SignedManifest? Find(string identity) => database.Read(db => db.Rows(
        r => JsonSerializer.Deserialize(r.GetFieldValue<byte[]>(0), ContractsJson.Default.SignedManifest)!,
        "SELECT manifest FROM bundles WHERE identity = $id", ("$id", identity)).FirstOrDefault());
}
