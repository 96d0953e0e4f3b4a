using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a precision makes of the operators it reaches, for predictions: bytes of an element, and arithmetic. What it does not reach stays in
/// 32-bit floats. Finding the ranges of activations while the model runs is not counted.
/// </summary>
internal sealed record PrecisionCost
{
    private const double FloatBytes = 4;

    /// <summary>32-bit floats throughout.</summary>
    public static PrecisionCost Float { get; } = new();

    /// <summary>Bytes of an element of a weight in the file, its share of scales included.</summary>
    public double StoredBytes { get; init; } = FloatBytes;

    /// <summary>Bytes of an element of a weight as kernels read it, once the model is loaded.</summary>
    public double WeightBytes { get; init; } = FloatBytes;

    /// <summary>Bytes of an element of an activation between operators.</summary>
    public double ActivationBytes { get; init; } = FloatBytes;

    /// <summary>Whether products are those of integers.</summary>
    public bool IsInteger { get; init; }

    /// <summary>First input of an operator that can be such a weight; 0 where tables that are only looked up are stored so, too.</summary>
    public int FirstWeight { get; init; } = 1;

    /// <summary>How far a compressor gets with such weights and their scales, as a share of their bytes in 32-bit floats.</summary>
    public Func<WeightCompression, double> Compressed { get; init; } = c => c.Float;

    /// <summary>Whether it reaches an operator.</summary>
    public Func<Node, ShapeTable, bool> Reaches { get; init; } = (_, _) => true;

    /// <summary>What holds for an operator.</summary>
    public PrecisionCost At(Node node, ShapeTable shapes) => Reaches(node, shapes) ? this : Float;

    /// <summary>Whether a constant is stored in the precision.</summary>
    public bool Stores(Value constant, ShapeTable shapes) =>
        IsWeight(constant) && constant.Uses.Any(u => u.Index >= FirstWeight && Reaches(u.Node, shapes));

    /// <summary>Bytes of an element that an operator it reaches reads or writes.</summary>
    public double BytesOf(Node node, Value value)
    {
        if (value.ElementType is not (ElementType.Float32 or ElementType.Undefined))
        {
            return Math.Max(1, value.ElementType.Size());
        }

        return value.Constant is null ? ActivationBytes
            : IsWeight(value) && value.Uses.Any(u => u.Node == node && u.Index >= FirstWeight) ? WeightBytes
            : FloatBytes;
    }

    // Biases and the like are vectors.
    private static bool IsWeight(Value value) => value.Constant is { ElementType: ElementType.Float32, Rank: >= 2 };
}
