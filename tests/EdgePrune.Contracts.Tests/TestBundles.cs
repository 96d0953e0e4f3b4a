using System.Security.Cryptography;

namespace EdgePrune.Contracts.Tests;

/// <summary>A small bundle and its key.</summary>
internal static class TestBundles
{
    internal static readonly byte[] Model = "model"u8.ToArray();
    internal static readonly byte[] Input = [1, 2, 3, 4];
    internal static readonly SigningKey Key = SigningKey.Create();

    internal static BundleManifest Manifest { get; } = new()
    {
        Name = "mnist-cnn",
        Version = 9007199254740993,
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        ExpiresAt = new DateTimeOffset(2027, 1, 2, 3, 4, 5, 500, TimeSpan.Zero),
        Targets = ["raspberry-pi-4", "any"],
        Blobs = [Entry(BlobEntry.Model, Model), Entry(BlobEntry.SelfTestInput, Input)],
        SelfTest = new SelfTest([1, 1, 28, 28], 1e-5),
        Notes = new Dictionary<string, string> { ["rate"] = "0.5", ["author"] = "Zoë \"Z\" <z@example.org>" },
    };

    internal static BundleFile Bundle() => new(
        ManifestSignatures.Sign(Manifest, Key),
        new Dictionary<string, ReadOnlyMemory<byte>> { [Hash(Model)] = Model, [Hash(Input)] = Input });

    internal static byte[] Bytes(BundleFile bundle)
    {
        using var stream = new MemoryStream();
        bundle.Write(stream);
        return stream.ToArray();
    }

    internal static BlobEntry Entry(string role, byte[] bytes) => new(role, bytes.Length, Hash(bytes));

    internal static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
