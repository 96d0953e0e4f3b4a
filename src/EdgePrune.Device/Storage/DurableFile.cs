namespace EdgePrune.Device;

/// <summary>
/// Changes files so that a power cut leaves the old content or the new one, never a mixture: write under a temporary
/// name, fsync the file, rename, fsync the folder, in this order.
/// </summary>
internal static class DurableFile
{
    /// <summary>What the name of a file that is being written ends in.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int PosixDiskFull = 28;
    private const int PosixQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Gives a file new content; on return it is on the disk.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    public static void Replace(IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + TemporarySuffix;
        using (var stream = files.Create(temporary))
        {
            stream.Write(bytes);
            files.Flush(stream);
        }

        Promote(files, temporary, path);
    }

    /// <summary>Renames a file whose bytes were flushed already; on return the new name is on the disk.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="from">The present name.</param>
    /// <param name="to">The new name.</param>
    public static void Promote(IFileSystem files, string from, string to)
    {
        files.Move(from, to);
        files.FlushFolder(Path.GetDirectoryName(to)!);
    }

    /// <summary>Deletes a file; on return the deletion is on the disk.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    public static void Delete(IFileSystem files, string path)
    {
        files.Delete(path);
        files.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Whether an error means that the disk or the user's quota is full.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsDiskFull(IOException error) => error.HResult is PosixDiskFull or PosixQuotaExceeded or WindowsDiskFull;
}
