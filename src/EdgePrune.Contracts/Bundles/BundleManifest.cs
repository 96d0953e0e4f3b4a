namespace EdgePrune.Contracts;

/// <summary>
/// What a bundle promises, and what its signature covers: which model, which version, for whom, until when, and the
/// length and SHA-256 of every blob. Serialised as canonical JSON, so that equal content has equal bytes.
/// </summary>
public sealed record BundleManifest
{
    /// <summary>The format version this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Format version of the manifest. <value>Default: 1.</value></summary>
    public int Format { get; set; } = CurrentFormat;

    /// <summary>Name of the model line, such as <c>mnist-cnn</c>; versions are compared within one name.</summary>
    public required string Name { get; init; }

    /// <summary>Version that only grows; a device refuses one that is not above the highest it has accepted. Range: 1 and up.</summary>
    public required long Version { get; init; }

    /// <summary>When the bundle was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>After this moment a device installs the bundle no more; what runs keeps running.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Names of the targets the bundle is for; <c>any</c> fits every device.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The blobs, in the order in which they stand in the bundle file.</summary>
    public required IReadOnlyList<BlobEntry> Blobs { get; init; }

    /// <summary>What a device checks before it serves the model.</summary>
    public required SelfTest SelfTest { get; init; }

    /// <summary>Facts for people and reports, such as <c>rate</c> and <c>precision</c>; never decides anything on the device.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; set; } = new Dictionary<string, string>();
}

/// <summary>One blob of a bundle.</summary>
/// <param name="Role"><c>model</c>, <c>selftest-input</c> or <c>selftest-output</c>.</param>
/// <param name="Length">Length in bytes. Range: 1 to 2147483591 (the longest array).</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the bytes: the blob's address.</param>
public sealed record BlobEntry(string Role, long Length, string Sha256)
{
    /// <summary>Role of the ONNX model.</summary>
    public const string Model = "model";
    /// <summary>Role of the self-test's input: raw little-endian elements of the model's first input.</summary>
    public const string SelfTestInput = "selftest-input";
    /// <summary>Role of the self-test's expected output: raw little-endian float32 of the model's first output.</summary>
    public const string SelfTestOutput = "selftest-output";
}

/// <summary>Run before a model serves: the bundle's input must give the bundle's output.</summary>
/// <param name="InputShape">Shape of the self-test input, batch included.</param>
/// <param name="Tolerance">Largest difference allowed, relative to the largest absolute expected value. Default: 0.001.</param>
public sealed record SelfTest(IReadOnlyList<long> InputShape, double Tolerance = 1e-3);

/// <summary>A manifest's exact bytes with the signatures over them: verify first, then parse <see cref="Payload"/>.</summary>
/// <param name="Payload">The manifest's canonical JSON, exactly as it was signed.</param>
/// <param name="Signatures">ECDSA P-256 signatures, SHA-256, IEEE P1363 form (64 bytes).</param>
public sealed record SignedManifest(byte[] Payload, IReadOnlyList<ManifestSignature> Signatures);

/// <summary>One signature over a manifest.</summary>
/// <param name="KeyId">Lower-case hexadecimal SHA-256 of the public key's SubjectPublicKeyInfo.</param>
/// <param name="Signature">64 bytes: r and s.</param>
public sealed record ManifestSignature(string KeyId, byte[] Signature);
