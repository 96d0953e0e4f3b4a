using System.Security.Cryptography;
using System.Text;

namespace EdgePrune.Contracts.Tests;

public sealed class ManifestSignaturesTests
{
    private static readonly TrustedKey[] Trusted = [TestBundles.Key.Public];

    [Fact]
    public void Verify_SignedByATrustedKey_GivesTheManifest()
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);

        var manifest = ManifestSignatures.Verify(envelope, Trusted);

        Assert.Equal(TestBundles.Manifest.Version, manifest.Version);
        Assert.Equal(TestBundles.Manifest.Blobs, manifest.Blobs);
        Assert.Equal(envelope.Payload, CanonicalJson.Write(manifest, ContractsJson.Default.BundleManifest));
        Assert.Equal(TestBundles.Hash(envelope.Payload), ManifestSignatures.Identity(envelope));
    }

    [Fact]
    public void Verify_SignedByAnotherKey_IsUntrusted()
    {
        using var other = SigningKey.Create();

        Assert.Equal(ErrorCode.UntrustedKey, CodeOf(ManifestSignatures.Sign(TestBundles.Manifest, other)));
        Assert.Equal(ErrorCode.UntrustedKey, Assert.Throws<BundleException>(() => ManifestSignatures.Verify(TestBundles.Bundle().Manifest, [])).Code);
    }

    [Fact]
    public void Verify_SignedByAnotherKeyUnderATrustedId_IsTampered()
    {
        using var other = SigningKey.Create();
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, other);

        Assert.Equal(ErrorCode.TamperedBundle, CodeOf(envelope with { Signatures = [envelope.Signatures[0] with { KeyId = TestBundles.Key.Public.KeyId }] }));
    }

    [Fact]
    public void Verify_OneGoodSignatureAmongOthers_IsEnough()
    {
        using var other = SigningKey.Create();
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);
        var good = envelope.Signatures[0];
        var bad = new ManifestSignature(good.KeyId, new byte[64]);
        var strange = new ManifestSignature(other.Public.KeyId, other.Sign(envelope.Payload));

        Assert.NotNull(ManifestSignatures.Verify(envelope with { Signatures = [strange, bad, good] }, Trusted));
    }

    [Fact]
    public void Verify_EveryByteOfThePayloadChanged_IsTampered()
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);
        for (var i = 0; i < envelope.Payload.Length; i++)
        {
            var payload = envelope.Payload.ToArray();
            payload[i] ^= (byte)(1 << (i % 8));

            Assert.Equal(ErrorCode.TamperedBundle, CodeOf(envelope with { Payload = payload }));
        }
    }

    [Fact]
    public void Verify_EveryBitOfTheSignatureChanged_IsTampered()
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);
        for (var bit = 0; bit < 512; bit++)
        {
            var signature = envelope.Signatures[0].Signature.ToArray();
            signature[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Equal(ErrorCode.TamperedBundle, CodeOf(envelope with { Signatures = [envelope.Signatures[0] with { Signature = signature }] }));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(72)]
    [InlineData(100_000)]
    public void Verify_SignatureOfAnotherLength_IsTampered(int length)
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);
        var signature = envelope.Signatures[0].Signature.Concat(new byte[Math.Max(0, length - 64)]).Take(length).ToArray();

        Assert.Equal(ErrorCode.TamperedBundle, CodeOf(envelope with { Signatures = [envelope.Signatures[0] with { Signature = signature }] }));
    }

    [Fact]
    public void Verify_TheDerFormOfTheSameSignature_IsTampered()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var trusted = TrustedKey.FromPem(key.ExportSubjectPublicKeyInfoPem());
        var payload = TestBundles.Bundle().Manifest.Payload;
        var der = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        var envelope = new SignedManifest(payload, [new ManifestSignature(trusted.KeyId, der)]);

        Assert.Equal(ErrorCode.TamperedBundle, Assert.Throws<BundleException>(() => ManifestSignatures.Verify(envelope, [trusted])).Code);
    }

    [Fact]
    public void Verify_MisshapenEnvelope_IsInvalid()
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);
        var good = envelope.Signatures[0];
        Assert.All(
            [
                envelope with { Payload = null! },
                envelope with { Payload = [] },
                envelope with { Payload = new byte[ProtocolLimits.MaxManifestBytes + 1] },
                envelope with { Signatures = null! },
                envelope with { Signatures = [null!] },
                envelope with { Signatures = [good with { KeyId = null! }] },
                envelope with { Signatures = [good with { Signature = null! }] },
                envelope with { Signatures = [.. Enumerable.Repeat(good, ProtocolLimits.MaxSignatures + 1)] },
            ],
            e => Assert.Equal(ErrorCode.InvalidBundle, CodeOf(e)));
    }

    [Fact]
    public void Verify_HostileKeyId_IsNotPrinted()
    {
        var envelope = ManifestSignatures.Sign(TestBundles.Manifest, TestBundles.Key);

        var error = Assert.Throws<BundleException>(() => ManifestSignatures.Verify(envelope with { Signatures = [new ManifestSignature("\u001b[2Jevil", [])] }, Trusted));

        Assert.Equal(ErrorCode.UntrustedKey, error.Code);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Fact]
    public void Verify_AnythingSignedThatIsNoManifest_IsInvalid()
    {
        foreach (var text in HostilePayloads())
        {
            var payload = Encoding.UTF8.GetBytes(text);
            var envelope = new SignedManifest(payload, [new ManifestSignature(TestBundles.Key.Public.KeyId, TestBundles.Key.Sign(payload))]);

            Assert.Equal(ErrorCode.InvalidBundle, CodeOf(envelope));
        }
    }

    [Fact]
    public void Sign_ManifestBeyondTheLimit_IsRefused()
    {
        var manifest = TestBundles.Manifest with { Notes = new Dictionary<string, string> { ["x"] = new('x', ProtocolLimits.MaxManifestBytes) } };

        Assert.Equal(ErrorCode.InvalidBundle, Assert.Throws<BundleException>(() => ManifestSignatures.Sign(manifest, TestBundles.Key)).Code);
    }

    [Fact]
    public void Keys_RoundTripThroughPem()
    {
        using var key = SigningKey.FromPem(TestBundles.Key.ToPem());
        var trusted = TrustedKey.FromPem(TestBundles.Key.Public.ToPem());

        Assert.Equal(TestBundles.Key.Public.KeyId, key.Public.KeyId);
        Assert.Equal(key.Public.KeyId, trusted.KeyId);
        Assert.True(trusted.Verify([1, 2, 3], key.Sign([1, 2, 3])));
    }

    [Fact]
    public void Keys_OfAnotherKindOrDamaged_AreInvalid()
    {
        using var rsa = RSA.Create(2048);
        using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var explicitCurve = ECDsa.Create(p256.ExportExplicitParameters(true));
        string?[] texts =
        [
            null, "", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportSubjectPublicKeyInfoPem(),
            otherCurve.ExportPkcs8PrivateKeyPem(), otherCurve.ExportSubjectPublicKeyInfoPem(), explicitCurve.ExportPkcs8PrivateKeyPem(),
            p256.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
        ];
        Assert.All(texts, t => Assert.Equal(ErrorCode.InvalidKey, Assert.Throws<BundleException>(() => SigningKey.FromPem(t!)).Code));
        Assert.All(texts, t => Assert.Equal(ErrorCode.InvalidKey, Assert.Throws<BundleException>(() => TrustedKey.FromPem(t!)).Code));
        Assert.Equal(ErrorCode.InvalidKey, Assert.Throws<BundleException>(() => SigningKey.FromPem(p256.ExportSubjectPublicKeyInfoPem())).Code);
    }

    private static ErrorCode CodeOf(SignedManifest envelope) =>
        Assert.Throws<BundleException>(() => ManifestSignatures.Verify(envelope, Trusted)).Code;

    private static IEnumerable<string> HostilePayloads()
    {
        var good = Encoding.UTF8.GetString(CanonicalJson.Write(TestBundles.Manifest, ContractsJson.Default.BundleManifest));
        string[] members = ["blobs", "createdAt", "expiresAt", "name", "notes", "selfTest", "targets", "version", "format"];
        string[] values = ["null", "[]", "[null]", "{}", "1", "-1", "1e999", "\"\"", "\"\\ud800\"", "true", "[[]]", "{\"a\":null}", "[{}]", "[{\"role\":null}]"];
        foreach (var member in members)
        {
            var others = System.Text.Json.Nodes.JsonNode.Parse(good)!.AsObject();
            others.Remove(member);
            var rest = others.ToJsonString()[1..];
            foreach (var value in values.Where(v => (member, v) is not (("version" or "format"), "1") and not ("notes", "{}")))
            {
                yield return $"{{\"{member}\":{value},{rest}";
            }

            yield return $"{{\"{member}\":null,{good[1..]}";
        }

        foreach (var text in new[] { "null", "[]", "1", "", "{", "\u0000", good[..^1], good + "x", new string('[', 100_000), $"{{\"a\":{new string('[', 200)}" })
        {
            yield return text;
        }
    }
}
