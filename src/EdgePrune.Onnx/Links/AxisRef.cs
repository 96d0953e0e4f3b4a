namespace EdgePrune.Onnx;

/// <summary>One axis of one value.</summary>
/// <param name="Value">The value: an activation or a constant.</param>
/// <param name="Axis">The axis, from 0.</param>
public readonly record struct AxisRef(Value Value, int Axis)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Value.Name}[{Axis}]";
}
