using EdgePrune.Contracts;
using Microsoft.Win32.SafeHandles;

namespace EdgePrune.Host;

/// <summary>The numbers of a sample file: in memory when the file is compressed, else read from disk as they are needed.</summary>
internal abstract class StoredBytes
{
    public abstract void Read(long offset, Span<byte> destination);
}

/// <summary>Numbers in memory.</summary>
/// <param name="bytes">The numbers.</param>
internal sealed class BytesInMemory(ReadOnlyMemory<byte> bytes) : StoredBytes
{
    public override void Read(long offset, Span<byte> destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
}

/// <summary>Numbers on disk; the handle is closed when nothing uses the samples any more.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="start">Offset of the first number.</param>
internal sealed class BytesOnDisk(string path, long start) : StoredBytes
{
    private readonly SafeFileHandle _handle = File.OpenHandle(path, options: FileOptions.RandomAccess);

    public override void Read(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_handle, destination, start + offset);
            if (read == 0)
            {
                throw new InputException(ErrorCode.InvalidSampleFile, $"'{path}' became shorter while it was read. Keep sample files unchanged while they are in use.");
            }

            offset += read;
            destination = destination[read..];
        }
    }
}
