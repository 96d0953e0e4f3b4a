namespace EdgePrune.Onnx;

/// <summary>
/// Which indices of one axis are the same channels as which indices of another.
/// </summary>
/// <remarks>
/// Worked example with 4 channels: Flatten of [N, 4, 3] to [N, 12] ties channel 1 to flat indices 3, 4 and 5:
/// <c>IndexMap.Block(outer: 1, inner: 3)</c>. Concat of two 2-channel tensors ties channel 1 of the second to index 3 of
/// the result: <c>IndexMap.Offset(from: 0, to: 2, count: 2)</c>.
/// </remarks>
public abstract record IndexMap
{
    private IndexMap()
    {
    }

    /// <summary>Index i is index i.</summary>
    public static IndexMap Identity { get; } = new SameIndex();

    /// <summary><paramref name="Count"/> indices from <paramref name="From"/> are those from <paramref name="To"/>: Concat, Split, Slice, Pad.</summary>
    /// <param name="From">First index of the first axis.</param>
    /// <param name="To">First index of the second axis.</param>
    /// <param name="Count">Number of indices.</param>
    public sealed record Offset(int From, int To, int Count) : IndexMap
    {
        /// <inheritdoc/>
        public override IEnumerable<(int A, int B)> Pairs(int sizeA, int sizeB) =>
            Enumerable.Range(0, Count).Select(i => (From + i, To + i));
    }

    /// <summary>Index i is the indices (o * size + i) * <paramref name="Inner"/> + t for every o and t: Flatten, Reshape that merges axes.</summary>
    /// <param name="Outer">Number of repetitions outside.</param>
    /// <param name="Inner">Number of neighbours inside.</param>
    public sealed record Block(int Outer, int Inner) : IndexMap
    {
        /// <inheritdoc/>
        public override IEnumerable<(int A, int B)> Pairs(int sizeA, int sizeB)
        {
            for (var b = 0; b < Outer * sizeA * Inner; b++)
            {
                yield return (b / Inner % sizeA, b);
            }
        }
    }

    /// <summary>Index b of the second axis is index <c>Source[b]</c> of the first: Gather, DepthToSpace; -1 is tied to nothing.</summary>
    /// <param name="Source">For every index of the second axis, the index of the first.</param>
    public sealed record Lookup(IReadOnlyList<int> Source) : IndexMap
    {
        /// <inheritdoc/>
        public override IEnumerable<(int A, int B)> Pairs(int sizeA, int sizeB) =>
            Source.Select((a, b) => (a, b)).Where(p => p.a >= 0);
    }

    private sealed record SameIndex : IndexMap
    {
        public override IEnumerable<(int A, int B)> Pairs(int sizeA, int sizeB) => Enumerable.Range(0, Math.Min(sizeA, sizeB)).Select(i => (i, i));
    }

    /// <summary>All pairs of indices that are the same channel.</summary>
    /// <param name="sizeA">Size of the first axis.</param>
    /// <param name="sizeB">Size of the second axis.</param>
    /// <returns>Pairs (index of the first axis, index of the second).</returns>
    public abstract IEnumerable<(int A, int B)> Pairs(int sizeA, int sizeB);
}
