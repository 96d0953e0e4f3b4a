using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgePrune.Host;

/// <summary>
/// The header of a <c>.npy</c> file (format versions 1 to 3): a magic, a version, a length, then a Python dictionary such as
/// <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (100, 1, 28, 28), }</c>.
/// </summary>
internal static partial class NpyHeader
{
    private const int MaxLength = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static SampleHeader Read(Stream stream, string source)
    {
        var head = SampleFile.ReadExactly(stream, 8, source);
        if (!head.AsSpan(0, 6).SequenceEqual(Magic))
        {
            throw SampleFile.Invalid(source, @"it does not start with \x93NUMPY");
        }

        if (head[6] is < 1 or > 3)
        {
            throw SampleFile.Invalid(source, $"its format version is {head[6]}.{head[7]}, versions 1 to 3 are known");
        }

        var length = head[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(SampleFile.ReadExactly(stream, 2, source))
            : BinaryPrimitives.ReadUInt32LittleEndian(SampleFile.ReadExactly(stream, 4, source));
        if (length > MaxLength)
        {
            throw SampleFile.Invalid(source, $"its header is {length} bytes long, at most {MaxLength} are allowed");
        }

        return Parse(Encoding.UTF8.GetString(SampleFile.ReadExactly(stream, (int)length, source)), source);
    }

    private static SampleHeader Parse(string text, string source)
    {
        var type = Descr().Match(text);
        var order = FortranOrder().Match(text);
        var shape = Shape().Match(text);
        if (!text.StartsWith('{') || !text.TrimEnd().EndsWith('}') || !type.Success || !order.Success || !shape.Success)
        {
            throw SampleFile.Invalid(source, $"its header '{Shorten(text.Trim())}' does not state descr, fortran_order and shape as NumPy writes them for an array of plain numbers");
        }

        return new SampleHeader(
            TypeOf(type.Groups[2].Value, source),
            [.. shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(d => Dimension(d, source))],
            BigEndian: type.Groups[1].Value == ">",
            ColumnMajor: order.Groups[1].Value == "True");
    }

    private static NumberType TypeOf(string type, string source) => type switch
    {
        "b1" => NumberType.Bool,
        "u1" => NumberType.UInt8,
        "i1" => NumberType.Int8,
        "u2" => NumberType.UInt16,
        "i2" => NumberType.Int16,
        "u4" => NumberType.UInt32,
        "i4" => NumberType.Int32,
        "u8" => NumberType.UInt64,
        "i8" => NumberType.Int64,
        "f2" => NumberType.Float16,
        "f4" => NumberType.Float32,
        "f8" => NumberType.Float64,
        _ => throw SampleFile.Invalid(source, $"its elements are '{type}'; store them as f2, f4, f8, b1 or integers of 1 to 8 bytes"),
    };

    private static long Dimension(string digits, string source) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw SampleFile.Invalid(source, $"its dimension '{Shorten(digits)}' is no number that fits");

    private static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "...");

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z][0-9]+)['"]""", RegexOptions.CultureInvariant)]
    private static partial Regex Descr();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)\b""", RegexOptions.CultureInvariant)]
    private static partial Regex FortranOrder();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9, ]*)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
