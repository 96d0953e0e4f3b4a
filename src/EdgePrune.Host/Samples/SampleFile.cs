using System.IO.Compression;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>Opens sample files, plain or compressed with gzip, and never believes a length that the bytes do not bear out.</summary>
internal static class SampleFile
{
    /// <summary>Reads the header of a file and binds the numbers behind it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readHeader">Reads the header and leaves the stream at the first number.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InputException">The file is missing, damaged, or not as long as its header says.</exception>
    public static SampleArray Open(string path, Func<Stream, SampleHeader> readHeader)
    {
        try
        {
            using var file = File.OpenRead(path);
            return IsGzip(file) ? OpenCompressed(path, file, readHeader) : OpenPlain(path, file, readHeader);
        }
        catch (InvalidDataException e)
        {
            throw Invalid($"'{path}'", $"it cannot be decompressed: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ErrorCode.FileNotFound, $"'{path}' cannot be read: {e.Message} Name a file that exists.", e);
        }
    }

    /// <summary>Reads an array to its end, into memory that grows only as bytes arrive.</summary>
    public static SampleArray ReadToEnd(Stream stream, string source, Func<Stream, SampleHeader> readHeader)
    {
        var header = readHeader(stream);
        var expected = header.RequireLength(source);
        if (expected > Array.MaxLength)
        {
            throw Invalid(source, $"it holds {new ByteSize(expected)} of numbers, at most {new ByteSize(Array.MaxLength)} can be decompressed. Store it uncompressed");
        }

        using var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while (memory.Length <= expected && (read = stream.Read(buffer)) > 0)
        {
            memory.Write(buffer, 0, read);
        }

        RequireExact(source, expected, memory.Length);
        return header.ToArray(source, new BytesInMemory(memory.ToArray()));
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public static byte[] ReadExactly(Stream stream, int count, string source)
    {
        var bytes = new byte[count];
        var got = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return got == count ? bytes : throw Invalid(source, $"it ends in its header: expected {count} more bytes, got {got}");
    }

    public static InputException Invalid(string source, string fault, Exception? inner = null) =>
        new(ErrorCode.InvalidSampleFile, $"{source} cannot be used as samples: {fault}. Fetch or write the file again.", inner);

    private static SampleArray OpenCompressed(string path, FileStream file, Func<Stream, SampleHeader> readHeader)
    {
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        return ReadToEnd(gzip, $"'{path}'", readHeader);
    }

    private static SampleArray OpenPlain(string path, FileStream file, Func<Stream, SampleHeader> readHeader)
    {
        var source = $"'{path}'";
        var header = readHeader(file);
        RequireExact(source, header.RequireLength(source), file.Length - file.Position);
        return header.ColumnMajor
            ? ReadToEnd(file, source, _ => header)
            : header.ToArray(source, new BytesOnDisk(path, file.Position));
    }

    private static void RequireExact(string source, long expected, long got)
    {
        if (got != expected)
        {
            throw Invalid(source, got < expected
                ? $"its header promises {expected} bytes of numbers, but only {got} are there"
                : $"its header promises {expected} bytes of numbers, but more are there");
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && magic is [0x1f, 0x8b];
    }
}
