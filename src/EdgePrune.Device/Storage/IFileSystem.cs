namespace EdgePrune.Device;

/// <summary>
/// The operations on disk whose order decides what survives a power cut. Small, so that a test can cut the power at
/// each of them. Writing calls throw <see cref="IOException"/> when the disk is full or cannot be written.
/// </summary>
internal interface IFileSystem
{
    /// <summary>Whether a file exists.</summary>
    bool Exists(string path);

    /// <summary>Length of a file in bytes, 0 when it does not exist.</summary>
    long Length(string path);

    /// <summary>Names of the files in a folder in ordinal order, without the folder; empty when the folder does not exist.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Opens an existing file to read.</summary>
    Stream OpenRead(string path);

    /// <summary>Creates a file, or empties it, and opens it to write.</summary>
    Stream Create(string path);

    /// <summary>Opens a file to write behind its last byte; creates it when it does not exist.</summary>
    Stream Append(string path);

    /// <summary>Returns when every byte written to a stream of <see cref="Create"/> or <see cref="Append"/> is on the disk.</summary>
    void Flush(Stream stream);

    /// <summary>Renames a file and replaces the one that has the new name, in one step.</summary>
    void Move(string from, string to);

    /// <summary>Deletes a file; does nothing when it does not exist.</summary>
    void Delete(string path);

    /// <summary>Creates a folder that only the owner may read, unless it exists.</summary>
    void CreateFolder(string folder);

    /// <summary>Returns when the names in a folder (files created, renamed and deleted) are on the disk.</summary>
    void FlushFolder(string folder);

    /// <summary>Bytes that this program may still write to the folder's disk.</summary>
    long FreeBytes(string folder);
}
