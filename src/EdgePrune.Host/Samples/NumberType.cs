using System.Buffers.Binary;

namespace EdgePrune.Host;

/// <summary>How the numbers of a sample file are stored.</summary>
internal enum NumberType
{
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    Float32,
    Float64,
}

/// <summary>Reads stored numbers.</summary>
internal static class NumberTypes
{
    public static int Size(this NumberType type) => type switch
    {
        NumberType.Bool or NumberType.UInt8 or NumberType.Int8 => 1,
        NumberType.UInt16 or NumberType.Int16 or NumberType.Float16 => 2,
        NumberType.UInt32 or NumberType.Int32 or NumberType.Float32 => 4,
        _ => 8,
    };

    public static bool IsInteger(this NumberType type) => type < NumberType.Float16;

    public static double Read(this NumberType type, ReadOnlySpan<byte> at, bool bigEndian) => bigEndian ? ReadBig(type, at) : ReadLittle(type, at);

    private static double ReadLittle(NumberType type, ReadOnlySpan<byte> at) => type switch
    {
        NumberType.Bool => at[0] == 0 ? 0 : 1,
        NumberType.UInt8 => at[0],
        NumberType.Int8 => (sbyte)at[0],
        NumberType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
        NumberType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
        NumberType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
        NumberType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
        NumberType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
        NumberType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
        NumberType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
        NumberType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
    };

    private static double ReadBig(NumberType type, ReadOnlySpan<byte> at) => type switch
    {
        NumberType.UInt16 => BinaryPrimitives.ReadUInt16BigEndian(at),
        NumberType.Int16 => BinaryPrimitives.ReadInt16BigEndian(at),
        NumberType.UInt32 => BinaryPrimitives.ReadUInt32BigEndian(at),
        NumberType.Int32 => BinaryPrimitives.ReadInt32BigEndian(at),
        NumberType.UInt64 => BinaryPrimitives.ReadUInt64BigEndian(at),
        NumberType.Int64 => BinaryPrimitives.ReadInt64BigEndian(at),
        NumberType.Float16 => (double)BinaryPrimitives.ReadHalfBigEndian(at),
        NumberType.Float32 => BinaryPrimitives.ReadSingleBigEndian(at),
        NumberType.Float64 => BinaryPrimitives.ReadDoubleBigEndian(at),
        _ => ReadLittle(type, at),
    };
}
