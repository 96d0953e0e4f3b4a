using System.Security.Cryptography;
using System.Text.Json;
using EdgePrune.Contracts;

namespace EndToEnd.Tests;

/// <summary>
/// What an agent's data folder would serve after a cut, read without the agent's code: the documents are those of
/// docs/device-protocol.md, sections 2 and 4.
/// </summary>
/// <param name="folder">The data folder of an agent that does not run.</param>
/// <param name="trusted">The one key that signs.</param>
internal sealed class DeviceDisk(string folder, TrustedKey trusted)
{
    /// <summary>Requires a whole, signed bundle that serves, and gives its identity and version.</summary>
    public (string Identity, long Version) RequireServed()
    {
        using var pointer = Open("current.json");
        var (slot, isConfirmed) = (Content(pointer).GetProperty("slot").GetString()!, Content(pointer).GetProperty("confirmed").GetBoolean());
        // A bundle in its trial is not served yet: the other slot is.
        var served = isConfirmed ? slot : slot == "a" ? "b" : "a";
        using var record = Open("slots", served + ".json");
        var signed = Content(record).GetProperty("signed").Deserialize(ContractsJson.Default.SignedManifest)!;
        var identity = ManifestSignatures.Identity(signed);
        if (isConfirmed)
        {
            Assert.Equal(Content(pointer).GetProperty("identity").GetString(), identity);
        }

        var manifest = ManifestSignatures.Verify(signed, [trusted]);
        Assert.All(manifest.Blobs, RequireWhole);
        return (identity, manifest.Version);
    }

    /// <summary>Turns one bit of every blob.</summary>
    public void LoseABit()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "blobs")))
        {
            var bytes = File.ReadAllBytes(path);
            bytes[^1] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
    }

    private void RequireWhole(BlobEntry blob)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "blobs", blob.Sha256));
        Assert.Equal(blob.Length, bytes.Length);
        Assert.Equal(blob.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private JsonDocument Open(params string[] names)
    {
        var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine([folder, .. names])));
        var sum = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Content(document).GetRawText()));
        Assert.Equal(document.RootElement.GetProperty("sha256").GetString(), Convert.ToHexStringLower(sum));
        return document;
    }

    private static JsonElement Content(JsonDocument document) => document.RootElement.GetProperty("content");
}
