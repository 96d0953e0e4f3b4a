using System.Buffers;
using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Hub;

/// <summary>How receiving a blob went.</summary>
internal enum BlobOutcome
{
    /// <summary>Its bytes are on disk under their hash.</summary>
    Stored,
    /// <summary>The bytes have another hash; nothing was kept.</summary>
    WrongHash,
    /// <summary>There are more bytes than allowed; nothing was kept.</summary>
    TooLong,
    /// <summary>There are no bytes.</summary>
    Empty,
}

/// <summary>
/// Immutable blobs as files named by their SHA-256. A blob is received under a temporary name, flushed, and renamed
/// only when its hash is right: what has a blob's name is whole.
/// </summary>
internal sealed class BlobFolder
{
    private const int BufferBytes = 128 * 1024;

    private readonly string _blobs;
    private readonly string _incoming;
    private long _received;

    /// <summary>Opens the folders and removes what an interrupted run left half received.</summary>
    public BlobFolder(string dataFolder)
    {
        _blobs = Directory.CreateDirectory(Path.Combine(dataFolder, "blobs")).FullName;
        _incoming = Directory.CreateDirectory(Path.Combine(dataFolder, "incoming")).FullName;
        foreach (var leftover in Directory.EnumerateFiles(_incoming))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>Length of a blob in bytes, or null when it is not here.</summary>
    public long? Length(string digest)
    {
        var file = new FileInfo(PathOf(digest));
        return file.Exists ? file.Length : null;
    }

    /// <summary>Opens a blob, or returns null when it is not here.</summary>
    public FileStream? Open(string digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Receives a blob. Two that receive the same one at once do not disturb each other.</summary>
    public async Task<BlobOutcome> ReceiveAsync(string digest, Stream body, long maxBytes, CancellationToken ct)
    {
        var final = PathOf(digest);
        var temporary = Path.Combine(_incoming, $"{digest}.{Interlocked.Increment(ref _received)}");
        try
        {
            var outcome = await CopyAsync(body, temporary, digest, maxBytes, ct);
            if (outcome == BlobOutcome.Stored)
            {
                File.Move(temporary, final, overwrite: true);
                FolderSync.Flush(_blobs);
            }

            return outcome;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task<BlobOutcome> CopyAsync(Stream body, string temporary, string digest, long maxBytes, CancellationToken ct)
    {
        await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, BufferBytes), ct)) > 0)
            {
                total += read;
                if (total > maxBytes)
                {
                    return BlobOutcome.TooLong;
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }

            if (total == 0 || Convert.ToHexStringLower(hash.GetHashAndReset()) != digest)
            {
                return total == 0 ? BlobOutcome.Empty : BlobOutcome.WrongHash;
            }

            file.Flush(flushToDisk: true);
            return BlobOutcome.Stored;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Every path goes through here: 64 hexadecimal digits cannot leave the folder.
    private string PathOf(string digest) => ManifestRules.IsDigest(digest)
        ? Path.Combine(_blobs, digest)
        : throw new ArgumentException($"'{digest}' is no SHA-256.", nameof(digest));
}
