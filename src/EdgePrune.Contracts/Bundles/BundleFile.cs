using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace EdgePrune.Contracts;

/// <summary>
/// A bundle as one file: <c>EPB1</c>, the length of the signed manifest (u32, little-endian), the signed manifest as
/// JSON, then the blobs in the manifest's order with nothing between them (docs/specs/bundle-format.md).
/// </summary>
/// <param name="Manifest">The signed manifest.</param>
/// <param name="Blobs">The blobs by their SHA-256.</param>
public sealed record BundleFile(SignedManifest Manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Blobs)
{
    private static ReadOnlySpan<byte> Magic => "EPB1"u8;

    /// <summary>Writes the bundle.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream)
    {
        var envelope = JsonSerializer.SerializeToUtf8Bytes(Manifest, ContractsJson.Default.SignedManifest);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, envelope.Length);
        stream.Write(Magic);
        stream.Write(length);
        stream.Write(envelope);
        foreach (var blob in ManifestSignatures.Parse(Manifest.Payload).Blobs)
        {
            stream.Write(Blobs[blob.Sha256].Span);
        }
    }

    /// <summary>Reads a bundle and checks every blob's length and hash. The signature is not checked: call <see cref="ManifestSignatures.Verify"/>.</summary>
    /// <param name="stream">Where from.</param>
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

        var length = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4));
        if (length is <= 0 or > 2 * ProtocolLimits.MaxManifestBytes)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"The manifest's length is {length}; 1 to {2 * ProtocolLimits.MaxManifestBytes} is allowed. The file is damaged.");
        }

        try
        {
            return JsonSerializer.Deserialize(ReadExactly(stream, length, "the manifest"), ContractsJson.Default.SignedManifest)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new BundleException(ErrorCode.InvalidBundle, $"The signed manifest cannot be read: {e.Message}", e);
        }
    }

    private static byte[] ReadExactly(Stream stream, long length, string what)
    {
        // Grown as bytes arrive, so that a lying length costs no memory.
        using var memory = new MemoryStream();
        var buffer = new byte[(int)Math.Min(length, 1 << 16)];
        while (memory.Length < length)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length - memory.Length));
            if (read == 0)
            {
                throw new BundleException(ErrorCode.InvalidBundle, $"The bundle ends in {what}: expected {length} bytes, got {memory.Length}. Fetch it again.");
            }

            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }
}
