namespace EdgePrune.Onnx;

/// <summary>What an operator lets pass: values inside come out as they are, values outside as the nearer end.</summary>
/// <param name="Low">The lower end; negative infinity where there is none.</param>
/// <param name="High">The upper end; positive infinity where there is none.</param>
public readonly record struct PassedRange(float Low, float High)
{
    /// <summary>Everything passes.</summary>
    public static PassedRange Everything { get; } = new(float.NegativeInfinity, float.PositiveInfinity);
}
