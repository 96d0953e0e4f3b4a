using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A model whose weights are sparse.</summary>
public sealed record SparsityResult
{
    /// <summary>The sparse model.</summary>
    public required Model Model { get; init; }
    /// <summary>Bytes of its file.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }
    /// <summary>Which weights are zero, for a later fine-tuning to keep.</summary>
    public required SparsityMask Mask { get; init; }
    /// <summary>What was done, and what it is worth.</summary>
    public required SparsityReport Report { get; init; }
}
