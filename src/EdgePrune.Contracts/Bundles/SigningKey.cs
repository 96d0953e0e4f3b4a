using System.Security.Cryptography;

namespace EdgePrune.Contracts;

/// <summary>A private ECDSA P-256 key that signs manifests; it stays with whoever releases models.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Public = TrustedKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public half, which devices trust.</summary>
    public TrustedKey Public { get; }

    /// <summary>Makes a new key from the system's random source.</summary>
    /// <returns>The key.</returns>
    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a key in PKCS #8 PEM form.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="BundleException">The text is no P-256 private key.</exception>
    public static SigningKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            TrustedKey.RequireP256(key);
            _ = key.ExportECPrivateKey();
            return new SigningKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new BundleException(ErrorCode.InvalidKey, "The signing key is no ECDSA P-256 private key in PEM form. Make one with 'edgeprune keys create'.", e);
        }
    }

    /// <summary>The key in PKCS #8 PEM form.</summary>
    /// <returns>The text of the file; keep it secret.</returns>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs bytes with SHA-256.</summary>
    /// <param name="bytes">What to sign.</param>
    /// <returns>64 bytes: r and s. Two signatures of the same bytes differ, both are good.</returns>
    public byte[] Sign(ReadOnlySpan<byte> bytes) => _key.SignData(bytes, HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
