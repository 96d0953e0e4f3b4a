namespace EdgePrune.Onnx;

/// <summary>Which channels of every axis were kept.</summary>
public interface IKeptIndices
{
    /// <summary>Indices of an axis that stay, in their order.</summary>
    /// <param name="value">A value of the pruned model.</param>
    /// <param name="axis">Its axis.</param>
    /// <returns>The indices before pruning.</returns>
    IReadOnlyList<int> Kept(Value value, int axis);

    /// <summary>The shape before pruning.</summary>
    /// <param name="value">A value of the pruned model.</param>
    /// <returns>Its dimensions.</returns>
    long[] OldShape(Value value);
}
