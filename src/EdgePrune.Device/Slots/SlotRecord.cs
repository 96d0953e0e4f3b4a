using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>What is in a slot: a verified, signed manifest; its blobs lie in the blob folder.</summary>
/// <param name="Signed">The manifest with its signatures.</param>
/// <param name="Attempts">How often a self-test of the staged bundle was started; written before each start.</param>
internal sealed record SlotRecord(SignedManifest Signed, int Attempts)
{
    private BundleManifest? _manifest;

    /// <summary>SHA-256 of the manifest's bytes.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Identity => ManifestSignatures.Identity(Signed);

    /// <summary>The manifest.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public BundleManifest Manifest => _manifest ??= ManifestSignatures.Parse(Signed.Payload);
}
