using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgePrune.Profiler;

/// <summary>
/// Fills a tensor with seeded values that any model accepts: real numbers in [0, 1), bytes over their whole range, wider
/// integers 0 or 1 (they may be indices), booleans 0 or 1.
/// </summary>
internal static class RandomInput
{
    public static void Fill(Span<byte> bytes, TensorElementType type, Random random)
    {
        switch (type)
        {
            case TensorElementType.Float:
                Each(MemoryMarshal.Cast<byte, float>(bytes), random.NextSingle);
                break;
            case TensorElementType.Double:
                Each(MemoryMarshal.Cast<byte, double>(bytes), random.NextDouble);
                break;
            case TensorElementType.Float16:
                Each(MemoryMarshal.Cast<byte, Half>(bytes), () => (Half)random.NextSingle());
                break;
            case TensorElementType.BFloat16:
                // The upper half of a float is the same number with fewer digits.
                Each(MemoryMarshal.Cast<byte, ushort>(bytes), () => (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle()) >> 16));
                break;
            case TensorElementType.UInt8 or TensorElementType.Int8:
                random.NextBytes(bytes);
                break;
            case TensorElementType.Int16 or TensorElementType.UInt16:
                Each(MemoryMarshal.Cast<byte, ushort>(bytes), () => (ushort)random.Next(2));
                break;
            case TensorElementType.Int32 or TensorElementType.UInt32:
                Each(MemoryMarshal.Cast<byte, int>(bytes), () => random.Next(2));
                break;
            case TensorElementType.Int64 or TensorElementType.UInt64:
                Each(MemoryMarshal.Cast<byte, long>(bytes), () => random.Next(2));
                break;
            default:
                Each(bytes, () => (byte)random.Next(2));
                break;
        }
    }

    private static void Each<T>(Span<T> values, Func<T> next)
    {
        foreach (ref var value in values)
        {
            value = next();
        }
    }
}
