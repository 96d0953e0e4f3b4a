using System.Security.Cryptography;
using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>Blobs by their SHA-256: whole ones, which were verified, and partial downloads, which are believed in nothing.</summary>
/// <param name="folder">The data folder.</param>
internal sealed class BlobStore(DataFolder folder)
{
    private readonly IFileSystem _files = folder.Files;

    /// <summary>Path of a whole blob.</summary>
    /// <param name="sha256">The blob's address.</param>
    /// <returns>The path.</returns>
    public string PathOf(string sha256) => Path.Combine(folder.Blobs, sha256);

    /// <summary>Whether a whole blob is there and has the right bytes; reads all of it.</summary>
    /// <param name="entry">The blob.</param>
    /// <returns>Whether it is.</returns>
    public bool IsIntact(BlobEntry entry) => Matches(PathOf(entry.Sha256), entry);

    /// <summary>Bytes of a partial download.</summary>
    /// <param name="entry">The blob.</param>
    /// <returns>The number, 0 when there is none.</returns>
    public long PartialLength(BlobEntry entry) => _files.Length(PartialOf(entry));

    /// <summary>Opens a partial download to go on with it.</summary>
    /// <param name="entry">The blob.</param>
    /// <param name="offset">Bytes to keep: all of them, or 0 to start again.</param>
    /// <returns>The stream; flush it with <see cref="Flush"/>.</returns>
    public Stream OpenPartial(BlobEntry entry, long offset) =>
        offset == 0 ? _files.Create(PartialOf(entry)) : _files.Append(PartialOf(entry));

    /// <summary>Returns when what was written to a partial download is on the disk.</summary>
    /// <param name="partial">The stream of <see cref="OpenPartial"/>.</param>
    public void Flush(Stream partial) => _files.Flush(partial);

    /// <summary>Deletes a partial download.</summary>
    /// <param name="entry">The blob.</param>
    public void DiscardPartial(BlobEntry entry) => _files.Delete(PartialOf(entry));

    /// <summary>Makes a finished download a whole blob, if it has the right bytes.</summary>
    /// <param name="entry">The blob.</param>
    /// <returns>Whether it has; if not, nothing changed.</returns>
    public bool TryAdopt(BlobEntry entry)
    {
        if (!Matches(PartialOf(entry), entry))
        {
            return false;
        }

        DurableFile.Promote(_files, PartialOf(entry), PathOf(entry.Sha256));
        return true;
    }

    /// <summary>Bytes that may still be written to the data folder's disk.</summary>
    /// <returns>The number.</returns>
    public long FreeBytes() => _files.FreeBytes(folder.Root);

    /// <summary>Deletes whole and partial blobs.</summary>
    /// <param name="kept">Addresses of those that stay.</param>
    public void DeleteAllBut(HashSet<string> kept)
    {
        foreach (var sha256 in _files.List(folder.Blobs).Where(n => !kept.Contains(n)))
        {
            _files.Delete(PathOf(sha256));
        }

        foreach (var name in _files.List(folder.Incoming).Where(n => !kept.Contains(Path.GetFileNameWithoutExtension(n))))
        {
            _files.Delete(Path.Combine(folder.Incoming, name));
        }
    }

    private string PartialOf(BlobEntry entry) => Path.Combine(folder.Incoming, entry.Sha256 + ".part");

    private bool Matches(string path, BlobEntry entry)
    {
        if (_files.Length(path) != entry.Length)
        {
            return false;
        }

        try
        {
            using var stream = _files.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream)) == entry.Sha256;
        }
        catch (IOException)
        {
            // A sector that cannot be read: the blob is fetched again.
            return false;
        }
    }
}
