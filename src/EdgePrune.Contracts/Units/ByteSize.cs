using System.Globalization;

namespace EdgePrune.Contracts;

/// <summary>A number of bytes. Prints as <c>1.61 MiB</c>; reads <c>64 MiB</c>, <c>512 kB</c>, <c>1024</c>.</summary>
/// <param name="Bytes">The number of bytes, not negative.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Suffix, long Factor)[] Units =
    [
        ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>Reads a size such as <c>64 MiB</c>, <c>512kB</c> or a bare number of bytes.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="size">The size that was read.</param>
    /// <returns>Whether the text is a size.</returns>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        var trimmed = text?.Trim() ?? "";
        var (suffix, factor) = Units.FirstOrDefault(u => trimmed.EndsWith(u.Suffix, StringComparison.OrdinalIgnoreCase), ("", 1));
        var number = trimmed[..^suffix.Length].Trim();
        if (!UnitNumber.TryParse(number, out var value) || value * factor > long.MaxValue / 2)
        {
            return false;
        }

        size = new ByteSize((long)Math.Round(value * factor));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Whether the left size is smaller.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;
    /// <summary>Whether the left size is larger.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;
    /// <summary>Whether the left size is not larger.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;
    /// <summary>Whether the left size is not smaller.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>The size with a binary unit and three significant digits, such as <c>1.61 MiB</c>.</summary>
    public override string ToString()
    {
        var bytes = Bytes;
        var (suffix, factor) = Units.Take(3).FirstOrDefault(u => bytes >= u.Factor, ("B", 1));
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round((double)bytes / factor, 2)} {suffix}");
    }
}
