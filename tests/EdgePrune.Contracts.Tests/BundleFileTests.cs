using System.Buffers.Binary;
using System.Text;

namespace EdgePrune.Contracts.Tests;

public sealed class BundleFileTests
{
    private static readonly byte[] Good = TestBundles.Bytes(TestBundles.Bundle());

    [Fact]
    public void Read_WhatWasWritten_IsTheSameBundle()
    {
        var bundle = Read(Good);

        Assert.Equal(TestBundles.Model, bundle.Blobs[TestBundles.Hash(TestBundles.Model)].ToArray());
        Assert.Equal(TestBundles.Input, bundle.Blobs[TestBundles.Hash(TestBundles.Input)].ToArray());
        Assert.Equal(TestBundles.Manifest.Name, ManifestSignatures.Verify(bundle.Manifest, [TestBundles.Key.Public]).Name);
        Assert.Equal(Good, TestBundles.Bytes(bundle));
    }

    [Fact]
    public void Read_FromAStreamThatGivesOneByteAtATime_IsTheSameBundle()
    {
        Assert.Equal(Good, TestBundles.Bytes(BundleFile.Read(new TrickleStream(Good))));
    }

    [Fact]
    public void Read_TwoRolesWithTheSameBytes_AreBothThere()
    {
        var model = TestBundles.Manifest.Blobs[0];
        var manifest = TestBundles.Manifest with { Blobs = [model, model with { Role = BlobEntry.SelfTestInput }] };
        var bundle = TestBundles.Bundle() with { Manifest = ManifestSignatures.Sign(manifest, TestBundles.Key) };

        Assert.Single(Read(TestBundles.Bytes(bundle)).Blobs);
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsRefused()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            Refused(Good[..length]);
            Assert.Throws<BundleException>(() => BundleFile.Read(new TrickleStream(Good[..length])));
        }
    }

    [Fact]
    public void Read_AnyByteChanged_IsRefusedByReadOrByVerify()
    {
        for (var i = 0; i < Good.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bytes = Good.ToArray();
                bytes[i] ^= (byte)(1 << bit);

                Refused(bytes);
            }
        }
    }

    [Fact]
    public void Read_AnyByteRemovedOrDoubled_IsRefusedByReadOrByVerify()
    {
        for (var i = 0; i < Good.Length; i++)
        {
            Refused([.. Good[..i], .. Good[(i + 1)..]], sameIsFine: true);
            Refused([.. Good[..i], Good[i], .. Good[i..]], sameIsFine: true);
        }
    }

    [Fact]
    public void Read_BytesAfterTheLastBlob_IsRefused() => Refused([.. Good, 0]);

    [Theory]
    [InlineData(0u)]
    [InlineData(2u * ProtocolLimits.MaxManifestBytes + 1)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    public void Read_LyingManifestLength_IsRefused(uint length)
    {
        var bytes = Good.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), length);

        Refused(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_BlobThatClaimsTwoGigabytes_CostsNoMemory(bool canSeek)
    {
        var manifest = TestBundles.Manifest with { Blobs = [new BlobEntry(BlobEntry.Model, ProtocolLimits.MaxBlobBytes, new string('a', 64))] };
        var bytes = Envelope(ManifestSignatures.Sign(manifest, TestBundles.Key));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<BundleException>(() => BundleFile.Read(canSeek ? new MemoryStream(bytes) : new TrickleStream(bytes)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"payload":null,"signatures":[]}""")]
    [InlineData("""{"payload":"","signatures":[]}""")]
    [InlineData("""{"payload":"e30=","signatures":null}""")]
    [InlineData("""{"payload":"e30=","signatures":[null]}""")]
    [InlineData("""{"payload":"e30=","signatures":[]}""")]
    [InlineData("""{"payload":"!!!!","signatures":[]}""")]
    [InlineData("""{"payload":"e31=","signatures":[]}""")]
    [InlineData("""{"payload":"e30=","payload":"e30=","signatures":[]}""")]
    [InlineData("""{"payload":"\ud800","signatures":[]}""")]
    [InlineData("""{"payload":{"payload":1},"signatures":1}""")]
    public void Read_HostileEnvelope_IsRefused(string json) => Refused(Framed(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Read_EnvelopeInAnotherFormThanTheCanonicalOne_IsRefused()
    {
        var envelope = Encoding.UTF8.GetString(Good.AsSpan(8, BinaryPrimitives.ReadInt32LittleEndian(Good.AsSpan(4))));
        var blobs = Good[(8 + envelope.Length)..];

        Assert.All(
            [envelope.Insert(1, " "), envelope.Insert(1, "\"x\":1,"), envelope[..^1] + ",}", envelope.Insert(1, "/**/")],
            text => Refused([.. Framed(Encoding.UTF8.GetBytes(text)), .. blobs]));
    }

    [Fact]
    public void Read_RandomInput_ThrowsNothingButBundleException()
    {
        var random = new Random(20260102);
        for (var i = 0; i < 20_000; i++)
        {
            using var stream = new MemoryStream(Fuzzed(random));
            if (Record.Exception(() => BundleFile.Read(stream)) is { } error)
            {
                Assert.IsType<BundleException>(error);
            }
        }
    }

    [Fact]
    public void Write_BlobMissingOrOfAnotherLength_IsRefusedBeforeAnythingIsWritten()
    {
        var good = TestBundles.Bundle();
        var missing = good with { Blobs = new Dictionary<string, ReadOnlyMemory<byte>> { [TestBundles.Hash(TestBundles.Model)] = TestBundles.Model } };
        var longer = good with { Blobs = new Dictionary<string, ReadOnlyMemory<byte>>(good.Blobs) { [TestBundles.Hash(TestBundles.Input)] = new byte[5] } };
        foreach (var bundle in new[] { missing, longer })
        {
            using var stream = new MemoryStream();

            Assert.Equal(ErrorCode.InvalidBundle, Assert.Throws<BundleException>(() => bundle.Write(stream)).Code);
            Assert.Equal(0, stream.Length);
        }
    }

    private static BundleFile Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return BundleFile.Read(stream);
    }

    private static void Refused(byte[] bytes, bool sameIsFine = false)
    {
        if (!sameIsFine || !bytes.AsSpan().SequenceEqual(Good))
        {
            Assert.Throws<BundleException>(() => ManifestSignatures.Verify(Read(bytes).Manifest, [TestBundles.Key.Public]));
        }
    }

    private static byte[] Fuzzed(Random random)
    {
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return random.Next(2) == 0 ? noise : [.. "EPB1"u8, (byte)noise.Length, 0, 0, 0, .. noise];
        }

        // A hostile signed manifest inside a good frame: most inputs then reach the parsers behind the head.
        var payload = TestBundles.Bundle().Manifest.Payload.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            payload[random.Next(payload.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0123456789nul-eE.\\ "[random.Next(26)];
        }

        return [.. Envelope(new SignedManifest(payload, [])), .. Good.TakeLast(random.Next(12))];
    }

    private static byte[] Envelope(SignedManifest manifest) => Framed(CanonicalJson.Write(manifest, ContractsJson.Default.SignedManifest));

    private static byte[] Framed(byte[] envelope)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, envelope.Length);
        return [.. "EPB1"u8, .. length, .. envelope];
    }

    /// <summary>A stream that cannot seek and gives one byte a call.</summary>
    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }
}
