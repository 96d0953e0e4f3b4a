using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Hub.Tests;

/// <summary>Small signed bundles.</summary>
internal static class TestBundles
{
    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static BundleFile Make(int seed = 1)
    {
        using var key = SigningKey.Create();
        var blobs = new[] { (BlobEntry.Model, Bytes(5000, seed)), (BlobEntry.SelfTestInput, Bytes(64, seed + 1000)), (BlobEntry.SelfTestOutput, Bytes(40, seed + 2000)) };
        var manifest = new BundleManifest
        {
            Name = "digits",
            Version = seed,
            CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ExpiresAt = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Targets = ["any"],
            Blobs = [.. blobs.Select(b => new BlobEntry(b.Item1, b.Item2.Length, Digest(b.Item2)))],
            SelfTest = new SelfTest([1, 16]),
        };
        return new BundleFile(ManifestSignatures.Sign(manifest, key), blobs.ToDictionary(b => Digest(b.Item2), b => (ReadOnlyMemory<byte>)b.Item2));
    }

    public static DeviceEvent Event(long sequence, DeviceEventKind kind = DeviceEventKind.Installed, string? bundle = null, long revision = 1) => new()
    {
        Sequence = sequence,
        Kind = kind,
        At = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).AddSeconds(sequence),
        Revision = revision,
        Bundle = bundle ?? (kind == DeviceEventKind.Installed ? new string('a', 64) : null),
    };
}
