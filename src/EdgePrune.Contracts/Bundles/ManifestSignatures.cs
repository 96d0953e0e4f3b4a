using System.Security.Cryptography;
using System.Text.Json;

namespace EdgePrune.Contracts;

/// <summary>Signs and verifies manifests. Verification comes first and covers the exact bytes; only then are they parsed.</summary>
public static class ManifestSignatures
{
    /// <summary>Signs a manifest's canonical bytes.</summary>
    /// <param name="manifest">What to sign.</param>
    /// <param name="key">The key to sign with.</param>
    /// <returns>The bytes with the signature.</returns>
    /// <exception cref="BundleException">The manifest is too long to be accepted by anyone.</exception>
    public static SignedManifest Sign(BundleManifest manifest, SigningKey key)
    {
        var payload = CanonicalJson.Write(manifest, ContractsJson.Default.BundleManifest);
        var envelope = new SignedManifest(payload, [new ManifestSignature(key.Public.KeyId, key.Sign(payload))]);
        RequireSizes(envelope);
        return envelope;
    }

    /// <summary>Verifies a manifest (bundle-format 5) against the keys that are trusted and parses it.</summary>
    /// <param name="envelope">The signed bytes.</param>
    /// <param name="trusted">The keys, one of which must have signed.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="BundleException">No trusted key signed, a signature is wrong, or the manifest breaks its rules.</exception>
    public static BundleManifest Verify(SignedManifest envelope, IReadOnlyCollection<TrustedKey> trusted)
    {
        RequireSizes(envelope);
        var known = envelope.Signatures
            .Select(s => (Signature: s, Key: trusted.FirstOrDefault(k => k.KeyId == s.KeyId)))
            .Where(p => p.Key is not null)
            .ToList();
        if (known.Count == 0)
        {
            throw new BundleException(ErrorCode.UntrustedKey,
                $"The bundle is signed by {Names(envelope.Signatures.Select(s => s.KeyId))}, but this device trusts {Names(trusted.Select(k => k.KeyId))}. Sign it with a trusted key, or add the key to the device's trusted keys.");
        }

        if (!known.Any(p => p.Key!.Verify(envelope.Payload, p.Signature.Signature)))
        {
            throw new BundleException(ErrorCode.TamperedBundle, "The manifest's bytes do not match its signature: it was changed after signing. Fetch the bundle again from its source.");
        }

        return Parse(envelope.Payload);
    }

    /// <summary>Reads a manifest without believing it: for listings and reports only.</summary>
    /// <param name="payload">The manifest's bytes.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="BundleException">The bytes are no manifest.</exception>
    public static BundleManifest Parse(ReadOnlySpan<byte> payload)
    {
        try
        {
            var manifest = StrictJson.Read(payload, ContractsJson.Default.BundleManifest);
            ManifestRules.RequireSound(manifest);
            return manifest;
        }
        catch (JsonException e)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"The manifest cannot be read: {e.Message} Pack the bundle again with 'edgeprune bundle pack'.", e);
        }
    }

    /// <summary>The identity of a signed manifest: SHA-256 of its payload.</summary>
    /// <param name="envelope">The signed manifest.</param>
    /// <returns>Lower-case hexadecimal.</returns>
    public static string Identity(SignedManifest envelope) => Convert.ToHexStringLower(SHA256.HashData(envelope.Payload));

    // Size and shape come first: nothing of an envelope is believed, hashed or printed before (bundle-format 5.1).
    private static void RequireSizes(SignedManifest envelope)
    {
        if (envelope is not { Payload: not null, Signatures: not null } || envelope.Signatures.Any(s => s is not { KeyId: not null, Signature: not null }))
        {
            throw new BundleException(ErrorCode.InvalidBundle, "The signed manifest lacks its payload or a signature's parts. Fetch the bundle again from its source.");
        }

        if (envelope.Payload.Length is 0 or > ProtocolLimits.MaxManifestBytes || envelope.Signatures.Count > ProtocolLimits.MaxSignatures)
        {
            throw new BundleException(ErrorCode.InvalidBundle,
                $"The manifest has {envelope.Payload.Length} bytes and {envelope.Signatures.Count} signatures; 1 to {ProtocolLimits.MaxManifestBytes} bytes and at most {ProtocolLimits.MaxSignatures} signatures are allowed. Pack the bundle again with 'edgeprune bundle pack'.");
        }
    }

    private static string Names(IEnumerable<string> keyIds)
    {
        var names = string.Join(", ", keyIds.Select(k => ManifestRules.IsDigest(k) ? k[..12] : "(no key id)"));
        return names.Length == 0 ? "no key" : $"key {names}";
    }
}
