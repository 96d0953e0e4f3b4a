using System.Globalization;

namespace EdgePrune.Onnx;

/// <summary>One dimension of a declared shape: a number, a symbol such as <c>batch</c>, or unknown.</summary>
/// <param name="Size">The number, or null when it is free.</param>
/// <param name="Symbol">The symbol of a free dimension, or null.</param>
public readonly record struct Dim(long? Size, string? Symbol)
{
    /// <summary>A fixed dimension.</summary>
    /// <param name="size">Its number.</param>
    public static implicit operator Dim(long size) => FromInt64(size);

    /// <summary>A fixed dimension.</summary>
    /// <param name="size">Its number.</param>
    /// <returns>The dimension.</returns>
    public static Dim FromInt64(long size) => new(size, null);

    /// <inheritdoc/>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
