namespace EdgePrune.Onnx;

/// <summary>
/// What a node says about the axes around it: which are the same channels, where channels are contracted, which must stay
/// whole. Grouping, slicing, MAC counts and quantization axes are all derived from this one declaration.
/// </summary>
public sealed class AxisLinks
{
    private readonly List<AxisTie> _ties = [];
    private readonly List<Contraction> _contractions = [];
    private readonly List<ChannelCarry> _carries = [];
    private readonly List<ChannelReduction> _reductions = [];
    private readonly List<AxisPin> _pins = [];
    private readonly List<AxisProduct> _products = [];
    private readonly List<AxisRegroup> _regroups = [];
    private readonly List<EqualBlocks> _equalBlocks = [];

    /// <summary>Axes that are the same channels.</summary>
    public IReadOnlyList<AxisTie> Ties => _ties;

    /// <summary>Where channels are summed over with weights.</summary>
    public IReadOnlyList<Contraction> Contractions => _contractions;

    /// <summary>Weighted operators that carry channels through.</summary>
    public IReadOnlyList<ChannelCarry> Carries => _carries;

    /// <summary>Where channels are combined without weights.</summary>
    public IReadOnlyList<ChannelReduction> Reductions => _reductions;

    /// <summary>Axes that must stay whole, and why.</summary>
    public IReadOnlyList<AxisPin> Pins => _pins;

    /// <summary>Axes that are the row-major product of several.</summary>
    public IReadOnlyList<AxisProduct> Products => _products;

    /// <summary>Axes that are regrouped several with several.</summary>
    public IReadOnlyList<AxisRegroup> Regroups => _regroups;

    /// <summary>Axes whose blocks must keep the same number of channels.</summary>
    public IReadOnlyList<EqualBlocks> EqualBlocks => _equalBlocks;

    /// <summary>Declares that two axes are the same channels.</summary>
    /// <param name="a">One value.</param>
    /// <param name="axisA">Its axis.</param>
    /// <param name="b">The other value.</param>
    /// <param name="axisB">Its axis.</param>
    /// <param name="map">Which indices are the same; none for equal indices.</param>
    public void Tie(Value a, int axisA, Value b, int axisB, IndexMap? map = null) =>
        _ties.Add(new AxisTie(new AxisRef(a, axisA), new AxisRef(b, axisB), map ?? IndexMap.Identity));

    /// <summary>Declares that a node sums over channels with weights.</summary>
    /// <param name="contraction">Where.</param>
    public void Contract(Contraction contraction) => _contractions.Add(contraction);

    /// <summary>Declares that a node with weights carries channels through.</summary>
    /// <param name="carry">Where.</param>
    public void Carry(ChannelCarry carry) => _carries.Add(carry);

    /// <summary>Declares that a node combines channels without weights.</summary>
    /// <param name="reduction">Where.</param>
    public void Reduce(ChannelReduction reduction) => _reductions.Add(reduction);

    /// <summary>Declares that an axis must stay whole.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="reason">Why.</param>
    public void Pin(Value value, int axis, PinReason reason) => _pins.Add(new AxisPin(new AxisRef(value, axis), reason));

    /// <summary>Declares that some indices of an axis must stay; the others may go.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="indices">The indices that must stay.</param>
    /// <param name="reason">Why.</param>
    public void PinIndices(Value value, int axis, IReadOnlyList<int> indices, PinReason reason) =>
        _pins.Add(new AxisPin(new AxisRef(value, axis), reason) { Indices = indices });

    /// <summary>Declares that all axes of a value must stay whole.</summary>
    /// <param name="value">The value.</param>
    /// <param name="rank">Number of its axes.</param>
    /// <param name="reason">Why.</param>
    public void PinAll(Value value, int rank, PinReason reason)
    {
        for (var axis = 0; axis < rank; axis++)
        {
            Pin(value, axis, reason);
        }
    }

    /// <summary>Declares that one axis runs over the row-major product of neighbouring axes of another value.</summary>
    /// <param name="product">Which.</param>
    public void Merge(AxisProduct product) => _products.Add(product);

    /// <summary>Declares that axes are regrouped several with several.</summary>
    /// <param name="regroup">Which.</param>
    public void Regroup(AxisRegroup regroup) => _regroups.Add(regroup);

    /// <summary>Declares that the blocks of an axis must keep the same number of channels.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="blocks">Number of blocks of equal size.</param>
    public void RequireEqualBlocks(Value value, int axis, int blocks) => _equalBlocks.Add(new EqualBlocks(new AxisRef(value, axis), blocks));
}

/// <summary>Two axes that are the same channels.</summary>
/// <param name="A">One axis.</param>
/// <param name="B">The other.</param>
/// <param name="Map">Which indices are the same.</param>
public sealed record AxisTie(AxisRef A, AxisRef B, IndexMap Map);

/// <summary>An axis that must stay whole.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Reason">Why.</param>
public sealed record AxisPin(AxisRef Axis, PinReason Reason)
{
    /// <summary>The indices that must stay, or null for all.</summary>
    public IReadOnlyList<int>? Indices { get; init; }
}

/// <summary>
/// <paramref name="Merged"/> runs over the row-major product of <paramref name="Factors"/>. At most one of the factors can
/// be pruned; grouping picks one that still can.
/// </summary>
/// <param name="Factors">The axes that are merged, from the outermost to the innermost.</param>
/// <param name="Merged">The axis that merges them.</param>
public sealed record AxisProduct(IReadOnlyList<AxisRef> Factors, AxisRef Merged);

/// <summary>
/// Axes of <paramref name="A"/> that a reshape regroups with axes of <paramref name="B"/>, several with several: both sides
/// are products of the same finer <paramref name="Sizes"/>.
/// </summary>
/// <remarks>
/// Worked example: [4, 6] to [8, 3] has the finer sizes 4, 2, 3; the first side is (4 | 2, 3), the second (4, 2 | 3).
/// </remarks>
/// <param name="A">The axes of one side.</param>
/// <param name="B">The axes of the other.</param>
/// <param name="Sizes">The finer sizes.</param>
/// <param name="CountsA">How many of them each axis of the first side merges.</param>
/// <param name="CountsB">How many of them each axis of the second side merges.</param>
public sealed record AxisRegroup(IReadOnlyList<AxisRef> A, IReadOnlyList<AxisRef> B, IReadOnlyList<long> Sizes, IReadOnlyList<int> CountsA, IReadOnlyList<int> CountsB);

/// <summary>The blocks of an axis must keep the same number of channels, as those of a grouped convolution.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Blocks">Number of blocks of equal size.</param>
public sealed record EqualBlocks(AxisRef Axis, int Blocks);
