using EdgePrune.Contracts;

namespace EdgePrune.Cli;

/// <summary>A bundle, for machines.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Identity">SHA-256 of what was signed.</param>
/// <param name="SignedBy">Ids of the keys that signed; only <paramref name="VerifiedBy"/> was checked.</param>
/// <param name="VerifiedBy">Id of the trusted key whose signature is good, or null when none was checked.</param>
internal sealed record BundleResult(BundleManifest Manifest, string Identity, IReadOnlyList<string> SignedBy, string? VerifiedBy)
{
    public static BundleResult Of(BundleFile bundle, string? verifiedBy) => new(
        ManifestSignatures.Parse(bundle.Manifest.Payload),
        ManifestSignatures.Identity(bundle.Manifest),
        [.. bundle.Manifest.Signatures.Select(s => s.KeyId)],
        verifiedBy);
}
