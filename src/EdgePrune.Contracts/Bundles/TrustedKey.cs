using System.Security.Cryptography;

namespace EdgePrune.Contracts;

/// <summary>A public ECDSA P-256 key whose signatures a device believes.</summary>
public sealed class TrustedKey
{
    private const int SignatureBytes = 64;

    private readonly byte[] _subjectPublicKeyInfo;

    private TrustedKey(byte[] subjectPublicKeyInfo)
    {
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the key's SubjectPublicKeyInfo.</summary>
    public string KeyId { get; }

    /// <summary>Reads a key in PEM form.</summary>
    /// <param name="pem">The text of the file.</param>
    /// <returns>The key.</returns>
    /// <exception cref="BundleException">The text is no P-256 public key.</exception>
    public static TrustedKey FromPem(string pem)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            RequireP256(key);
            return new TrustedKey(key.ExportSubjectPublicKeyInfo());
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new BundleException(ErrorCode.InvalidKey, "The trusted key is no ECDSA P-256 public key in PEM form. Write it with 'edgeprune keys public'.", e);
        }
    }

    /// <summary>The key in PEM form.</summary>
    /// <returns>The text of the file.</returns>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKeyInfo);

    /// <summary>Whether a signature is this key's over the bytes.</summary>
    /// <param name="bytes">What was signed.</param>
    /// <param name="signature">64 bytes: r and s.</param>
    /// <returns>Whether the signature is good.</returns>
    public bool Verify(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes)
        {
            return false;
        }

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256);
    }

    internal static TrustedKey FromSubjectPublicKeyInfo(byte[] bytes) => new(bytes);

    internal static void RequireP256(ECDsa key)
    {
        // A curve given by its parameters has no name; platforms fill in the number, the name or both.
        var curve = key.ExportParameters(false).Curve;
        if (!curve.IsNamed || (curve.Oid?.Value != "1.2.840.10045.3.1.7" && curve.Oid?.FriendlyName is not ("nistP256" or "ECDSA_P256")))
        {
            throw new CryptographicException("The key is on another curve than P-256.");
        }
    }
}
