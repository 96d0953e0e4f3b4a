namespace EdgePrune.Contracts;

/// <summary>Writes files that are whole or not there: a temporary name in the same folder, flushed, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes a file; an older one of that name is replaced in one step.</summary>
    /// <param name="path">Where to; missing folders are made.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InputException">The disk is full or the folder cannot be written; nothing is left behind.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new InputException(ErrorCode.CannotWrite, $"'{path}' cannot be written: {e.Message} Free space or choose another folder; nothing was changed.", e);
            }

            throw;
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="bytes">The content.</param>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes text as UTF-8.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="text">The content.</param>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }
}
