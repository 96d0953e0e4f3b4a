using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Device.Tests;

/// <summary>Builds signed bundles whose model is bytes from a seed.</summary>
internal sealed record TestBundle
{
    public string Name { get; init; } = "cnn";
    public long Version { get; init; } = 1;
    public IReadOnlyList<string> Targets { get; init; } = ["board"];
    public DateTimeOffset CreatedAt { get; init; } = Rig.Start.AddHours(-1);
    public DateTimeOffset ExpiresAt { get; init; } = Rig.Start.AddDays(90);
    public int Length { get; init; } = 200_000;
    public int? Seed { get; init; }

    public byte[] Model
    {
        get
        {
            var bytes = new byte[Length];
            new Random(Seed ?? (int)Version).NextBytes(bytes);
            return bytes;
        }
    }

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Model));

    public SignedManifest Sign(SigningKey key) => ManifestSignatures.Sign(
        new BundleManifest
        {
            Name = Name,
            Version = Version,
            CreatedAt = CreatedAt,
            ExpiresAt = ExpiresAt,
            Targets = Targets,
            Blobs = [new BlobEntry(BlobEntry.Model, Length, Sha256)],
            SelfTest = new SelfTest([1]),
        },
        key);
}
