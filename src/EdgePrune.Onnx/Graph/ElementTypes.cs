namespace EdgePrune.Onnx;

/// <summary>Facts of element types.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element, or 0 for types whose elements have no fixed whole number of bytes.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The number of bytes.</returns>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int64 or ElementType.UInt64 or ElementType.Float64 or ElementType.Complex64 => 8,
        ElementType.Complex128 => 16,
        _ => 0,
    };

    /// <summary>Whether the type holds real numbers that can be weights.</summary>
    /// <param name="type">The type.</param>
    /// <returns>Whether it is a float of 16, 32 or 64 bits.</returns>
    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;
}
