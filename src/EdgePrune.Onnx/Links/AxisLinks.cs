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
    private readonly List<AxisPin> _pins = [];
    private readonly List<AxisProduct> _products = [];
    private readonly List<EqualBlocks> _equalBlocks = [];

    /// <summary>Axes that are the same channels.</summary>
    public IReadOnlyList<AxisTie> Ties => _ties;

    /// <summary>Where channels are summed over with weights.</summary>
    public IReadOnlyList<Contraction> Contractions => _contractions;

    /// <summary>Weighted operators that carry channels through.</summary>
    public IReadOnlyList<ChannelCarry> Carries => _carries;

    /// <summary>Axes that must stay whole, and why.</summary>
    public IReadOnlyList<AxisPin> Pins => _pins;

    /// <summary>Axes that are the row-major product of several.</summary>
    public IReadOnlyList<AxisProduct> Products => _products;

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

    /// <summary>Declares that an axis must stay whole.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="reason">Why.</param>
    public void Pin(Value value, int axis, PinReason reason) => _pins.Add(new AxisPin(new AxisRef(value, axis), reason));

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
public sealed record AxisPin(AxisRef Axis, PinReason Reason);

/// <summary>
/// <paramref name="Merged"/> runs over the row-major product of <paramref name="Count"/> neighbouring axes of
/// <paramref name="Factored"/>. At most one of the factors can be pruned; grouping picks the one that still can.
/// </summary>
/// <param name="Factored">The value with several axes.</param>
/// <param name="FirstAxis">The first of them.</param>
/// <param name="Count">Their number.</param>
/// <param name="Merged">The axis that merges them.</param>
public sealed record AxisProduct(Value Factored, int FirstAxis, int Count, AxisRef Merged);

/// <summary>The blocks of an axis must keep the same number of channels, as those of a grouped convolution.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Blocks">Number of blocks of equal size.</param>
public sealed record EqualBlocks(AxisRef Axis, int Blocks);
