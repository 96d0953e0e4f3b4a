namespace EdgePrune.Onnx;

/// <summary>
/// A node that combines the channels of an axis without weights: a mean, a norm, the statistics of a normalization, a
/// product of two computed tensors.
/// </summary>
/// <remarks>
/// Without the removed channels the node combines those that are kept. What the removal proof compares this with is the
/// original in which each removed channel is replaced by <see cref="Fill"/>, so that it does not count: 0 for a sum, the
/// mean of the kept for a mean. Such a removal is exact in that sense only, hence a choice:
/// statistics of fewer channels are other statistics.
/// </remarks>
public sealed record ChannelReduction
{
    /// <summary>The combining node.</summary>
    public required Node Node { get; init; }
    /// <summary>What kind of combination it is.</summary>
    public required ReductionKind Kind { get; init; }
    /// <summary>The node's input slot of the data.</summary>
    public int Input { get; init; }
    /// <summary>The axis whose channels are combined.</summary>
    public required AxisRef Data { get; init; }
    /// <summary>All axes that are combined together, this one among them.</summary>
    public required IReadOnlyList<int> Axes { get; init; }
    /// <summary>Number of blocks of the axis that are combined each for itself, as by group normalization. <value>Default: 1.</value></summary>
    public int Blocks { get; init; } = 1;
    /// <summary>What a removed channel counts as.</summary>
    public required ReductionFill Fill { get; init; }
    /// <summary>
    /// The node's input slot of a scale, for a normalization that divides by the root of a mean square plus
    /// <c>epsilon</c>; -1 for other nodes. <value>Default: -1.</value>
    /// </summary>
    public int ScaleInput { get; init; } = -1;
    /// <summary>Multiply-accumulate operations of one inference. <value>Default: 0.</value></summary>
    public long Macs { get; init; }
    /// <summary>What changes, for people: one sentence that names the node.</summary>
    public required string Text { get; init; }
}

/// <summary>What kind of combination a <see cref="ChannelReduction"/> is.</summary>
public enum ReductionKind
{
    /// <summary>Statistics of a normalization: LayerNorm, GroupNorm, RMSNorm.</summary>
    Normalization,
    /// <summary>A sum, mean, norm or extreme over channels.</summary>
    Pooling,
    /// <summary>A product of two computed tensors, as of queries and keys.</summary>
    Product,
    /// <summary>A product with constants that are no single matrix, whose slices go with the channels.</summary>
    WeightedSum,
}

/// <summary>What a removed channel counts as in a <see cref="ChannelReduction"/>.</summary>
public enum ReductionFill
{
    /// <summary>0: sums, norms, products.</summary>
    Zero,
    /// <summary>The mean of the kept channels: means, variances.</summary>
    Mean,
    /// <summary>The lowest number: maxima.</summary>
    Lowest,
    /// <summary>The highest number: minima.</summary>
    Highest,
}
