using System.Buffers.Binary;

namespace EdgePrune.Host;

/// <summary>
/// The header of an IDX file: two zero bytes, the type, the number of dimensions, then each dimension as a big-endian
/// 32-bit number. <c>00 00 08 03</c> starts a file of images, <c>00 00 08 01</c> a file of labels.
/// </summary>
internal static class IdxHeader
{
    public static SampleHeader Read(Stream stream, string source)
    {
        var magic = SampleFile.ReadExactly(stream, 4, source);
        if (magic is not [0, 0, _, > 0 and <= 8])
        {
            throw SampleFile.Invalid(source, $"it starts with {Convert.ToHexStringLower(magic)}, but an IDX file starts with 0000, a type and 1 to 8 dimensions");
        }

        var dims = SampleFile.ReadExactly(stream, 4 * magic[3], source);
        return new SampleHeader(
            TypeOf(magic[2], source),
            [.. Enumerable.Range(0, magic[3]).Select(i => (long)BinaryPrimitives.ReadUInt32BigEndian(dims.AsSpan(4 * i)))],
            BigEndian: true,
            ColumnMajor: false);
    }

    private static NumberType TypeOf(byte code, string source) => code switch
    {
        0x08 => NumberType.UInt8,
        0x09 => NumberType.Int8,
        0x0b => NumberType.Int16,
        0x0c => NumberType.Int32,
        0x0d => NumberType.Float32,
        0x0e => NumberType.Float64,
        _ => throw SampleFile.Invalid(source, $"its type is 0x{code:x2}, IDX knows 08, 09, 0b, 0c, 0d and 0e"),
    };
}
