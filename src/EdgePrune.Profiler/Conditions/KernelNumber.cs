using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgePrune.Profiler;

/// <summary>
/// A number that the kernel renews in a small file, which stays open: reading it again costs one system call and no memory, so that it
/// may be read a hundred times a second beside what is measured.
/// </summary>
internal sealed class KernelNumber : IDisposable
{
    private const int MaxBytes = 64;

    private readonly SafeFileHandle _file;

    private KernelNumber(SafeFileHandle file) => _file = file;

    /// <summary>Opens a file, or gives null when it cannot be opened.</summary>
    public static KernelNumber? TryOpen(string path)
    {
        try
        {
            return new KernelNumber(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            // As with every file of the kernel: what is not there is unknown.
            return null;
        }
    }

    /// <summary>The number now, or null when the file holds none or cannot be read any more.</summary>
    public long? Read()
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        try
        {
            var length = RandomAccess.Read(_file, text, fileOffset: 0);
            var number = text[..length].TrimEnd(" \n\r\t\0"u8);
            return length < MaxBytes && Utf8Parser.TryParse(number, out long value, out var used) && used == number.Length ? value : null;
        }
        catch (IOException)
        {
            // The chip behind the file did not answer.
            return null;
        }
    }

    /// <summary>Several numbers with spaces between.</summary>
    /// <param name="numbers">Where they go.</param>
    /// <returns>Whether the file held exactly as many, none below 0.</returns>
    public bool Read(Span<long> numbers)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        try
        {
            var length = RandomAccess.Read(_file, text, fileOffset: 0);
            return length < MaxBytes && TryParse(text[..length].TrimEnd(" \n\r\t\0"u8), numbers);
        }
        catch (IOException)
        {
            // The thread behind the file has ended.
            return false;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> text, Span<long> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!Utf8Parser.TryParse(text, out long number, out var used) || number < 0)
            {
                return false;
            }

            numbers[i] = number;
            text = text[used..];
            if (i + 1 < numbers.Length)
            {
                if (text.IsEmpty || text[0] != ' ')
                {
                    return false;
                }

                text = text[1..];
            }
        }

        return text.IsEmpty;
    }

    public void Dispose() => _file.Dispose();
}
