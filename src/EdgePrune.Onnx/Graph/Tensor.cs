using System.Runtime.InteropServices;
using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>
/// A constant tensor: type, dimensions and little-endian row-major bytes. Immutable, so models share it.
/// </summary>
public sealed class Tensor
{
    // Far beyond any memory, and small enough for sizes in bytes never to overflow.
    private const long MostElements = 1L << 56;

    private readonly long[] _dims;

    /// <summary>Makes a tensor over bytes; the bytes are not copied and must not change.</summary>
    /// <param name="type">Type of the elements.</param>
    /// <param name="dims">Dimensions, none for a scalar.</param>
    /// <param name="bytes">Row-major little-endian elements.</param>
    /// <exception cref="ModelException">The number of bytes does not fit type and dimensions.</exception>
    public Tensor(ElementType type, ReadOnlySpan<long> dims, ReadOnlyMemory<byte> bytes)
    {
        ElementType = type;
        _dims = dims.ToArray();
        Bytes = bytes;
        Count = Elements(dims);
        if (type.Size() > 0 && Count * type.Size() != bytes.Length)
        {
            throw new ModelException(ErrorCode.TruncatedModel,
                $"A {type} tensor of shape [{string.Join(", ", _dims)}] needs {Count * type.Size()} bytes, but {bytes.Length} are there. The file is damaged; export the model again.");
        }
    }

    /// <summary>Type of the elements.</summary>
    public ElementType ElementType { get; }

    /// <summary>Dimensions, none for a scalar.</summary>
    public ReadOnlySpan<long> Dims => _dims;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dims.Length;

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Row-major little-endian elements.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the IR does not model of the tensor (text, packed 4-bit types), carried through untouched.</summary>
    internal object? Carried { get; init; }

    /// <summary>Makes a float tensor.</summary>
    /// <param name="dims">Dimensions.</param>
    /// <param name="values">Row-major elements; copied.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Of(ReadOnlySpan<long> dims, ReadOnlySpan<float> values) =>
        new(ElementType.Float32, dims, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes a 64-bit integer tensor.</summary>
    /// <param name="dims">Dimensions.</param>
    /// <param name="values">Row-major elements; copied.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Of(ReadOnlySpan<long> dims, ReadOnlySpan<long> values) =>
        new(ElementType.Int64, dims, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Makes a one-dimensional 64-bit integer tensor, as shapes and axes are.</summary>
    /// <param name="values">The elements.</param>
    /// <returns>The tensor.</returns>
    public static Tensor Vector(params ReadOnlySpan<long> values) => Of([values.Length], values);

    /// <summary>The elements, without a copy, when <typeparamref name="T"/> is exactly their type.</summary>
    /// <typeparam name="T">The element type, such as <see cref="float"/>.</typeparam>
    /// <returns>The elements.</returns>
    public ReadOnlySpan<T> Span<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    /// <summary>The elements as 32-bit floats: converted when they are other real numbers, else without loss of the copy.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="ModelException">The elements are no real numbers.</exception>
    public float[] ToFloats()
    {
        switch (ElementType)
        {
            case ElementType.Float32:
                return Span<float>().ToArray();
            case ElementType.Float64:
                return Array.ConvertAll(Span<double>().ToArray(), v => (float)v);
            case ElementType.Float16:
                return Array.ConvertAll(Span<Half>().ToArray(), v => (float)v);
            case ElementType.BFloat16:
                return Array.ConvertAll(Span<ushort>().ToArray(), v => BitConverter.UInt32BitsToSingle((uint)v << 16));
            default:
                throw new ModelException(ErrorCode.InvalidGraph, $"A tensor of {ElementType} was expected to hold real numbers. Inspect the model with 'edgeprune inspect'.");
        }
    }

    /// <summary>A tensor of this one's type and dimensions (or others with the same number of elements) with other real numbers.</summary>
    /// <param name="values">Row-major elements; rounded to this tensor's type.</param>
    /// <param name="dims">Dimensions, or none to keep this tensor's.</param>
    /// <returns>The new tensor.</returns>
    public Tensor WithFloats(ReadOnlySpan<float> values, ReadOnlySpan<long> dims = default)
    {
        var shape = dims.IsEmpty ? Dims : dims;
        return ElementType switch
        {
            ElementType.Float32 => Of(shape, values),
            ElementType.Float64 => new(ElementType, shape, Convert(values, v => (double)v)),
            ElementType.Float16 => new(ElementType, shape, Convert(values, v => (Half)v)),
            ElementType.BFloat16 => new(ElementType, shape, Convert(values, RoundToBFloat16)),
            _ => throw new ModelException(ErrorCode.InvalidGraph, $"A tensor of {ElementType} cannot hold real numbers."),
        };
    }

    /// <summary>A tensor of this one's type and dimensions with every element changed; large weights are in memory once more, and not twice.</summary>
    /// <param name="change">Gives the new number from the row-major position and the old number.</param>
    /// <returns>The new tensor.</returns>
    public Tensor Map(Func<int, float, float> change)
    {
        if (ElementType != ElementType.Float32)
        {
            var converted = ToFloats();
            Map(converted, converted, change);
            return WithFloats(converted);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(Bytes.Length);
        Map(Span<float>(), MemoryMarshal.Cast<byte, float>(bytes.AsSpan()), change);
        return new Tensor(ElementType, Dims, bytes);
    }

    /// <summary>The elements as 64-bit integers, as shapes, axes and indices are read.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="ModelException">The elements are no integers.</exception>
    public long[] ToInts() => ElementType switch
    {
        ElementType.Int64 => Span<long>().ToArray(),
        ElementType.Int32 => Array.ConvertAll(Span<int>().ToArray(), v => (long)v),
        _ => throw new ModelException(ErrorCode.InvalidGraph, $"A tensor of {ElementType} was expected to hold integers."),
    };

    /// <summary>The slices of one axis at the given indices, in their order.</summary>
    /// <param name="axis">The axis, from 0.</param>
    /// <param name="indices">Which slices; may repeat.</param>
    /// <returns>The new tensor.</returns>
    public Tensor Take(int axis, ReadOnlySpan<int> indices)
    {
        var size = ElementType.Size();
        var inner = (int)Elements(Dims[(axis + 1)..]) * size;
        var outer = (int)Elements(Dims[..axis]);
        var from = (int)Dims[axis];
        var result = GC.AllocateUninitializedArray<byte>(checked(outer * indices.Length * inner));
        var target = result.AsSpan();
        for (var o = 0; o < outer; o++)
        {
            foreach (var index in indices)
            {
                Bytes.Span.Slice(((o * from) + index) * inner, inner).CopyTo(target);
                target = target[inner..];
            }
        }

        var dims = _dims.ToArray();
        dims[axis] = indices.Length;
        return new Tensor(ElementType, dims, result);
    }

    /// <summary>The slices of several axes at the given indices, without the copies that one axis after the other would need.</summary>
    /// <param name="indices">For each axis which slices, or null for all; as many as the tensor has axes.</param>
    /// <returns>The new tensor.</returns>
    public Tensor Take(IReadOnlyList<int[]?> indices)
    {
        long[] dims = [.. _dims.Select((d, axis) => indices[axis]?.Length ?? d)];
        var cut = Enumerable.Range(0, Rank).LastOrDefault(axis => indices[axis] is not null, -1);
        var run = (int)Elements(Dims[(cut + 1)..]) * ElementType.Size();
        var result = GC.AllocateUninitializedArray<byte>(checked((int)Elements(dims) * ElementType.Size()));
        CopySlices(Bytes.Span, result, indices, (Axis: 0, Last: cut, Run: run));
        return new Tensor(ElementType, dims, result);
    }

    private int CopySlices(ReadOnlySpan<byte> from, Span<byte> to, IReadOnlyList<int[]?> indices, (int Axis, int Last, int Run) at)
    {
        if (at.Axis > at.Last)
        {
            from[..at.Run].CopyTo(to);
            return at.Run;
        }

        var (step, written) = (from.Length / (int)_dims[at.Axis], 0);
        var count = indices[at.Axis]?.Length ?? (int)_dims[at.Axis];
        for (var i = 0; i < count; i++)
        {
            var slice = indices[at.Axis] is { } chosen ? chosen[i] : i;
            written += CopySlices(from.Slice(slice * step, step), to[written..], indices, (at.Axis + 1, at.Last, at.Run));
        }

        return written;
    }

    /// <summary>This tensor's elements with other dimensions.</summary>
    /// <param name="dims">Dimensions with the same number of elements.</param>
    /// <returns>The new tensor over the same bytes.</returns>
    public Tensor Reshape(params ReadOnlySpan<long> dims) => new(ElementType, dims, Bytes);

    /// <summary>Number of elements of a shape.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <returns>Their product; 1 for none.</returns>
    /// <exception cref="ModelException">The product is larger than any memory.</exception>
    public static long Elements(ReadOnlySpan<long> dims)
    {
        var count = 1L;
        foreach (var dim in dims)
        {
            var product = Math.BigMul(count, dim);
            count = product >= -MostElements && product <= MostElements ? (long)product : throw TooLarge(dims);
        }

        return count;
    }

    private static void Map(ReadOnlySpan<float> from, Span<float> to, Func<int, float, float> change)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = change(i, from[i]);
        }
    }

    private static ModelException TooLarge(ReadOnlySpan<long> dims) =>
        new(ErrorCode.InvalidGraph, $"A tensor of shape [{string.Join(", ", dims.ToArray())}] has more elements than any memory holds. The file is damaged; export the model again.");

    private static byte[] Convert<T>(ReadOnlySpan<float> values, Func<float, T> convert) where T : unmanaged =>
        MemoryMarshal.AsBytes<T>(Array.ConvertAll(values.ToArray(), v => convert(v))).ToArray();

    private static ushort RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
