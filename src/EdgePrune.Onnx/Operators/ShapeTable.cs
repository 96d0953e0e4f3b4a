namespace EdgePrune.Onnx;

/// <summary>Concrete shapes of a graph's values for one choice of the free dimensions.</summary>
public sealed class ShapeTable
{
    private readonly Dictionary<Value, long[]> _shapes = [];
    private readonly Dictionary<Value, Tensor> _integers = [];

    /// <summary>The shape of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its dimensions.</returns>
    /// <exception cref="KeyNotFoundException">The shape is not known.</exception>
    public long[] this[Value value] => Find(value) ?? throw new KeyNotFoundException($"The shape of '{value.Name}' is not known.");

    /// <summary>The shape of a value, or null when it is not known; constants have theirs.</summary>
    /// <param name="value">The value, or null.</param>
    /// <returns>Its dimensions or null.</returns>
    public long[]? Find(Value? value) => value switch
    {
        null => null,
        { Constant: { } tensor } => tensor.Dims.ToArray(),
        _ => _shapes.GetValueOrDefault(value),
    };

    /// <summary>The 64-bit integers that a value holds, when it is a constant or computed from sizes; else null.</summary>
    /// <param name="value">The value, or null.</param>
    /// <returns>The integers or null.</returns>
    public Tensor? FindIntegers(Value? value) => value switch
    {
        null => null,
        { Constant: { ElementType: ElementType.Int64 } tensor } => tensor,
        _ => _integers.GetValueOrDefault(value),
    };

    /// <summary>Number of dimensions of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Its rank.</returns>
    public int Rank(Value value) => this[value].Length;

    /// <summary>Size of one axis; negative axes count from the back.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>Its size.</returns>
    public int Size(Value value, int axis) => (int)this[value][axis < 0 ? axis + Rank(value) : axis];

    /// <summary>Number of elements of a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Their number.</returns>
    public long Count(Value value) => Tensor.Elements(this[value]);

    /// <summary>Whether the shapes of all inputs and outputs of a node are known.</summary>
    /// <param name="node">The node.</param>
    /// <returns>Whether they are.</returns>
    public bool Covers(Node node) => node.Inputs.Concat(node.Outputs).All(v => v is null || Find(v) is not null);

    /// <summary>Sets a shape.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">Its dimensions.</param>
    public void Set(Value value, long[] shape) => _shapes[value] = shape;

    internal void SetIntegers(Value value, Tensor integers) => _integers[value] = integers;
}
