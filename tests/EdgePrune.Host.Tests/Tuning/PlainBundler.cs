using EdgePrune.Contracts;

namespace EdgePrune.Host.Tests;

/// <summary>Packs bundles with a key of its own and counts versions.</summary>
internal sealed class PlainBundler : IBundler, IDisposable
{
    private readonly SigningKey _key = SigningKey.Create();
    private long _version;

    public BundleFile Pack(ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, string> notes)
    {
        var digest = SyntheticDevice.Digest(model.Span);
        var manifest = new BundleManifest
        {
            Name = "test",
            Version = ++_version,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(100),
            Targets = ["any"],
            Blobs = [new BlobEntry(BlobEntry.Model, model.Length, digest)],
            SelfTest = new SelfTest([1]),
            Notes = notes,
        };
        return new BundleFile(ManifestSignatures.Sign(manifest, _key), new Dictionary<string, ReadOnlyMemory<byte>> { [digest] = model });
    }

    public void Dispose() => _key.Dispose();
}
