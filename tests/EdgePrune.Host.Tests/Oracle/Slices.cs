using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Slices of tensors along one axis.</summary>
internal static class Slices
{
    /// <summary>Index along the axis of every element.</summary>
    public static int[] IndexOf(ReadOnlySpan<long> dims, int axis)
    {
        var (inner, size) = ((int)Tensor.Elements(dims[(axis + 1)..]), (int)dims[axis]);
        var indices = new int[Tensor.Elements(dims)];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = i / inner % size;
        }

        return indices;
    }

    /// <summary>A tensor with the slice of one index taken from another.</summary>
    public static Tensor Replace(Tensor tensor, Tensor source, int axis, int index) => Mix(tensor, source, axis, i => i == index);

    /// <summary>A tensor with the slices of some indices taken from another.</summary>
    public static Tensor Mix(Tensor tensor, Tensor source, int axis, Func<int, bool> fromSource)
    {
        var (bytes, size) = (tensor.Bytes.ToArray(), tensor.ElementType.Size());
        foreach (var (i, index) in IndexOf(tensor.Dims, axis).Index())
        {
            if (fromSource(index))
            {
                source.Bytes.Span.Slice(i * size, size).CopyTo(bytes.AsSpan(i * size));
            }
        }

        return new Tensor(tensor.ElementType, tensor.Dims.ToArray(), bytes);
    }

    /// <summary>All zeros.</summary>
    public static Tensor Zeros(Tensor like) => new(like.ElementType, like.Dims.ToArray(), new byte[like.Bytes.Length]);

    /// <summary>Which elements differ; two results that are no number are equal.</summary>
    public static void MarkDifferences(Tensor a, Tensor b, bool[] marks)
    {
        var size = a.ElementType.Size();
        var left = a.Bytes.Span;
        var right = b.Bytes.Span;
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] |= !left.Slice(i * size, size).SequenceEqual(right.Slice(i * size, size));
        }
    }
}
