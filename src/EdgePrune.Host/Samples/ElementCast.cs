using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Casts floats to the type of a model's input.</summary>
internal static class ElementCast
{
    public static Tensor FromFloats(float[] values, long[] dims, ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Undefined => Tensor.Of(dims, values),
        ElementType.Float64 => Make(values, dims, type, v => (double)v),
        ElementType.Float16 => Make(values, dims, type, v => (Half)v),
        ElementType.UInt8 => Make(values, dims, type, v => (byte)Math.Clamp(MathF.Round(v), 0, 255)),
        ElementType.Int8 => Make(values, dims, type, v => (sbyte)Math.Clamp(MathF.Round(v), -128, 127)),
        ElementType.UInt16 => Make(values, dims, type, v => (ushort)Math.Clamp(MathF.Round(v), 0, ushort.MaxValue)),
        ElementType.Int16 => Make(values, dims, type, v => (short)Math.Clamp(MathF.Round(v), short.MinValue, short.MaxValue)),
        ElementType.UInt32 => Make(values, dims, type, v => (uint)MathF.Round(v)),
        ElementType.UInt64 => Make(values, dims, type, v => (ulong)MathF.Round(v)),
        ElementType.Int32 => Make(values, dims, type, v => (int)MathF.Round(v)),
        ElementType.Int64 => Make(values, dims, type, v => (long)MathF.Round(v)),
        ElementType.Bool => Make(values, dims, type, v => v != 0),
        _ => throw new InputException(ErrorCode.SampleShapeMismatch, $"The model takes {type} inputs, which samples cannot be cast to. Use a model with float or integer inputs."),
    };

    private static Tensor Make<T>(float[] values, long[] dims, ElementType type, Func<float, T> cast) where T : unmanaged =>
        new(type, dims, MemoryMarshal.AsBytes<T>(Array.ConvertAll(values, v => cast(v))).ToArray());
}
