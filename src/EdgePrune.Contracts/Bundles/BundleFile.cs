using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace EdgePrune.Contracts;

/// <summary>
/// A bundle as one file: <c>EPB1</c>, the length of the signed manifest (u32, little-endian), the signed manifest as
/// canonical JSON, then the blobs in the manifest's order with nothing between them (docs/specs/bundle-format.md).
/// </summary>
/// <param name="Manifest">The signed manifest.</param>
/// <param name="Blobs">The blobs by their SHA-256.</param>
public sealed record BundleFile(SignedManifest Manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Blobs)
{
    // Base64 makes four bytes of three; the rest is for the signatures.
    private const int MaxEnvelopeBytes = 2 * ProtocolLimits.MaxManifestBytes;

    private static ReadOnlySpan<byte> Magic => "EPB1"u8;

    /// <summary>Writes the bundle.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="BundleException">The manifest breaks its rules, or a blob it lists is missing or has another length.</exception>
    public void Write(Stream stream)
    {
        var entries = ManifestSignatures.Parse(Manifest.Payload).Blobs;
        foreach (var entry in entries)
        {
            RequireBlob(entry);
        }

        var envelope = CanonicalJson.Write(Manifest, ContractsJson.Default.SignedManifest);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, envelope.Length);
        stream.Write(Magic);
        stream.Write(length);
        stream.Write(envelope);
        foreach (var entry in entries)
        {
            stream.Write(Blobs[entry.Sha256].Span);
        }
    }

    /// <summary>Reads a bundle and checks every blob's length and hash. The signature is not checked: call <see cref="ManifestSignatures.Verify"/>.</summary>
    /// <param name="stream">Where from; read to its end.</param>
    /// <returns>The bundle.</returns>
    /// <exception cref="BundleException">The file is no bundle, is truncated, has bytes left over, or a blob does not match its hash.</exception>
    public static BundleFile Read(Stream stream)
    {
        var signed = ReadManifest(stream);
        Dictionary<string, ReadOnlyMemory<byte>> blobs = [];
        foreach (var entry in ManifestSignatures.Parse(signed.Payload).Blobs)
        {
            var bytes = ReadExactly(stream, entry.Length, $"blob '{entry.Role}'");
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != entry.Sha256)
            {
                throw new BundleException(ErrorCode.TamperedBundle, $"Blob '{entry.Role}' does not match the SHA-256 in the manifest. Fetch the bundle again from its source.");
            }

            blobs[entry.Sha256] = bytes;
        }

        return stream.ReadByte() == -1
            ? new BundleFile(signed, blobs)
            : throw new BundleException(ErrorCode.InvalidBundle, "The bundle goes on after its last blob. Pack it again with 'edgeprune bundle pack'.");
    }

    private static SignedManifest ReadManifest(Stream stream)
    {
        var head = ReadExactly(stream, 8, "the head");
        if (!head.AsSpan(0, 4).SequenceEqual(Magic))
        {
            throw new BundleException(ErrorCode.InvalidBundle, "The file does not start with 'EPB1', so it is no EdgePrune bundle. Pack one with 'edgeprune bundle pack'.");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        return length is > 0 and <= MaxEnvelopeBytes
            ? ParseManifest(ReadExactly(stream, length, "the signed manifest"))
            : throw new BundleException(ErrorCode.InvalidBundle, $"The signed manifest's length is {length}; 1 to {MaxEnvelopeBytes} is allowed. The file is damaged: fetch it again.");
    }

    private static SignedManifest ParseManifest(byte[] bytes)
    {
        try
        {
            var signed = StrictJson.Read(bytes, ContractsJson.Default.SignedManifest);

            // bundle-format 2.4: one signed manifest has one byte sequence, so nothing can hide in white space, unknown members or base64 padding.
            return CanonicalJson.Write(signed, ContractsJson.Default.SignedManifest).AsSpan().SequenceEqual(bytes)
                ? signed
                : throw new JsonException("It is not in canonical form.");
        }
        catch (JsonException e)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"The signed manifest cannot be read: {e.Message} Fetch the bundle again from its source.", e);
        }
    }

    private void RequireBlob(BlobEntry entry)
    {
        if (!Blobs.TryGetValue(entry.Sha256, out var bytes) || bytes.Length != entry.Length)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"Blob '{entry.Role}' should have {entry.Length} bytes with SHA-256 {entry.Sha256}, but the bundle holds no such blob. Pack it with the bytes that were signed.");
        }
    }

    private static byte[] ReadExactly(Stream stream, long length, string what)
    {
        // A length that the file can hold is read in one piece; else it grows as bytes arrive, so that a lying length costs no memory.
        var bytes = stream.CanSeek && stream.Length - stream.Position >= length ? ReadPiece(stream, length) : ReadGrowing(stream, length);
        return bytes.Length == length
            ? bytes
            : throw new BundleException(ErrorCode.InvalidBundle, $"The bundle ends in {what}: expected {length} bytes, got {bytes.Length}. Fetch it again.");
    }

    private static byte[] ReadPiece(Stream stream, long length)
    {
        var bytes = new byte[length];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == length ? bytes : bytes[..read];
    }

    private static byte[] ReadGrowing(Stream stream, long length)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[(int)Math.Min(length, 1 << 16)];
        int read;
        while (memory.Length < length && (read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length - memory.Length))) > 0)
        {
            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }
}
