namespace EdgePrune.Onnx;

/// <summary>One axis of one value.</summary>
/// <param name="Value">The value: an activation or a constant.</param>
/// <param name="Axis">The axis, from 0.</param>
public readonly record struct AxisRef(Value Value, int Axis)
{
    /// <summary>Axes that belong to no value of a graph: the finer ones behind a reshape that regroups several axes.</summary>
    /// <param name="name">What to call them in messages.</param>
    /// <param name="count">Their number.</param>
    /// <returns>The axes, of one new value that is part of no graph.</returns>
    public static IReadOnlyList<AxisRef> Detached(string name, int count)
    {
        var value = new Value(name);
        return [.. Enumerable.Range(0, count).Select(axis => new AxisRef(value, axis))];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Value.Name}[{Axis}]";
}
