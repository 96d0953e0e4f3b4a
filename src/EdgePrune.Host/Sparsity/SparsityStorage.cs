using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What zeros are worth on disk and on the wire. An .onnx file stores each zero in full; only compression gains from them.</summary>
/// <param name="FileBytes">Bytes of the model's file.</param>
/// <param name="ZstdBefore">Bytes of the original compressed with zstd at <see cref="Level"/>.</param>
/// <param name="ZstdAfter">Bytes of the sparse model compressed likewise.</param>
public sealed record SparsityStorage(long FileBytes, long ZstdBefore, long ZstdAfter)
{
    /// <summary>Level of the compression.</summary>
    public const int Level = 19;

    internal static SparsityStorage Of(Model before, ReadOnlyMemory<byte> after) => new(after.Length, Compressed(OnnxFile.ToBytes(before), Level), Compressed(after.Span, Level));

    /// <summary>Bytes of a file compressed with zstd.</summary>
    internal static long Compressed(ReadOnlySpan<byte> bytes, int level)
    {
        using var compressor = new ZstdSharp.Compressor(level);
        return compressor.Wrap(bytes).Length;
    }
}
