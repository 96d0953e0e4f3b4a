using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>One index of one axis of one value.</summary>
internal readonly record struct SliceRef(Value Value, int Axis, int Index)
{
    public override string ToString() => $"{Value.Name}[{Axis}]={Index}";
}

/// <summary>Slices that go together, and why they cannot go when they cannot.</summary>
/// <param name="Slices">The slices.</param>
/// <param name="Refusal">Why not, beginning with the type of the operator at fault; null when they can go.</param>
internal sealed record OracleClass(IReadOnlySet<SliceRef> Slices, string? Refusal);
