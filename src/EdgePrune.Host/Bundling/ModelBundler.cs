using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Packs a model with a self-test into a signed bundle whose version grows with each one. The self-test is what this
/// machine's ONNX Runtime computes from a seeded random input, so a device that computes something else refuses the bundle.
/// </summary>
public sealed class ModelBundler : IBundler
{
    private readonly SigningKey _key;
    private readonly BundlerOptions _options;
    private readonly IVersionSequence _versions;
    private readonly TimeProvider _clock;

    /// <summary>Makes a bundler.</summary>
    /// <param name="key">The key to sign with; the caller disposes it.</param>
    /// <param name="options">What every manifest says.</param>
    /// <param name="versions">Where versions come from.</param>
    /// <param name="clock">The clock for creation and expiry.</param>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the options are faulty; the message lists every fault.</exception>
    public ModelBundler(SigningKey key, BundlerOptions options, IVersionSequence versions, TimeProvider clock)
    {
        (_key, _options, _versions, _clock) = (key, options, versions, clock);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The bundle's options have {faults.Count} fault(s): {string.Join(" ", faults)} Correct them.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ModelException">The model cannot be run, or its first output on the self-test's input is no finite real number.</exception>
    public BundleFile Pack(ReadOnlyMemory<byte> model, IReadOnlyDictionary<string, string> notes)
    {
        var test = SelfTestMaker.Make(model, _options.Seed);
        List<(BlobEntry Entry, ReadOnlyMemory<byte> Bytes)> blobs =
        [
            Blob(BlobEntry.Model, model),
            Blob(BlobEntry.SelfTestInput, test.Input),
            Blob(BlobEntry.SelfTestOutput, test.Output),
        ];
        var now = _clock.GetUtcNow();
        var manifest = new BundleManifest
        {
            Name = _options.Name,
            Version = _versions.Next(_options.Name),
            CreatedAt = now,
            ExpiresAt = now + _options.Lifetime,
            Targets = _options.Targets,
            Blobs = [.. blobs.Select(b => b.Entry)],
            SelfTest = new SelfTest(test.InputShape, _options.Tolerance),
            Notes = new Dictionary<string, string>(notes),
        };
        ManifestRules.RequireSound(manifest);
        return new BundleFile(ManifestSignatures.Sign(manifest, _key), blobs.DistinctBy(b => b.Entry.Sha256).ToDictionary(b => b.Entry.Sha256, b => b.Bytes));
    }

    private static (BlobEntry Entry, ReadOnlyMemory<byte> Bytes) Blob(string role, ReadOnlyMemory<byte> bytes) =>
        (new BlobEntry(role, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.Span))), bytes);
}
