using System.Buffers;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>An array of a sample file: its first axis counts the samples. Numbers become floats only when a sample is read.</summary>
internal sealed record SampleArray
{
    public required string Source { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    public required NumberType Type { get; init; }

    public required StoredBytes Bytes { get; init; }

    public bool BigEndian { get; init; }

    /// <summary>Whether the first axis varies fastest, as in Fortran.</summary>
    public bool ColumnMajor { get; init; }

    public int Count => (int)Shape[0];

    public IReadOnlyList<long> SampleShape => [.. Shape.Skip(1)];

    public int SampleSize => (int)SampleShape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Reads one sample, row-major.</summary>
    public void Read(int index, Span<float> destination)
    {
        if (ColumnMajor)
        {
            ReadColumnMajor(index, destination);
            return;
        }

        var size = Type.Size();
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, destination.Length * size));
        var bytes = buffer.AsSpan(0, destination.Length * size);
        Bytes.Read((long)index * destination.Length * size, bytes);
        Convert(bytes, destination);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>All numbers as class labels.</summary>
    /// <exception cref="InputException">The array is no list of whole numbers, or one is negative.</exception>
    public int[] ToLabels()
    {
        if (SampleSize != 1 || !Type.IsInteger())
        {
            throw new InputException(ErrorCode.InvalidSampleFile, $"The labels in {Source} have type {Type} and shape [{string.Join(", ", Shape)}]; expected one whole number for each sample. Store class numbers as integers of shape [samples].");
        }

        var labels = new int[Count];
        var one = new byte[Type.Size()];
        for (var i = 0; i < labels.Length; i++)
        {
            Bytes.Read((long)i * one.Length, one);
            labels[i] = SampleLabels.Require(Type.Read(one, BigEndian), i, Source);
        }

        return labels;
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<float> destination)
    {
        if (Type == NumberType.UInt8)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = bytes[i];
            }

            return;
        }

        var size = Type.Size();
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Type.Read(bytes[(i * size)..], BigEndian);
        }
    }

    // Element (index, i1, i2, ...) stands at index + Count * (i1 + d1 * (i2 + ...)).
    private void ReadColumnMajor(int index, Span<float> destination)
    {
        var dims = SampleShape;
        var position = new long[dims.Count];
        Span<byte> one = stackalloc byte[8];
        one = one[..Type.Size()];
        for (var i = 0; i < destination.Length; i++)
        {
            var offset = 0L;
            for (var axis = dims.Count - 1; axis >= 0; axis--)
            {
                offset = (offset * dims[axis]) + position[axis];
            }

            Bytes.Read((index + (Count * offset)) * one.Length, one);
            destination[i] = (float)Type.Read(one, BigEndian);
            Advance(position, dims);
        }
    }

    private static void Advance(long[] position, IReadOnlyList<long> dims)
    {
        for (var axis = position.Length - 1; axis >= 0 && ++position[axis] == dims[axis]; axis--)
        {
            position[axis] = 0;
        }
    }
}
