using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What <see cref="CompressionPipeline"/> made of a model, and why it can be trusted.</summary>
public sealed record CompressionResult
{
    /// <summary>The compressed model.</summary>
    public required Model Model { get; init; }
    /// <summary>The bytes of its file; equal input, options and seed give equal bytes.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }
    /// <summary>What was removed.</summary>
    public required PrunePlan Plan { get; init; }
    /// <summary>The proof that the pruned model equals the masked original, before repair.</summary>
    public required RemovalProof Proof { get; init; }
    /// <summary>Channels of each group before and after.</summary>
    public required IReadOnlyList<GroupWidth> Widths { get; init; }
    /// <summary>What cannot be pruned, and why, one line for each reason.</summary>
    public required IReadOnlyList<string> Pins { get; init; }
    /// <summary>Normalizations and other combinations without weights that run over fewer channels now, one line for each.</summary>
    public IReadOnlyList<string> Adapted { get; init; } = [];
    /// <summary>Parameters and operations of the original.</summary>
    public required ModelCost Before { get; init; }
    /// <summary>Parameters and operations after pruning.</summary>
    public required ModelCost After { get; init; }
    /// <summary>What repair did, or null when it was not asked for or nothing was removed.</summary>
    public RecoveryReport? Recovery { get; init; }
    /// <summary>What training did after each step's repair; empty when nothing was trained.</summary>
    public IReadOnlyList<TrainingReport> Training { get; init; } = [];
    /// <summary>How far pruning went within the limit of accuracy, or null without one.</summary>
    public LossLimit? Limit { get; init; }
    /// <summary>What quantization with samples did, or null where there was none.</summary>
    public QuantizationReport? Quantization { get; init; }
    /// <summary>What the conversion to another precision without samples did, or null where there was none.</summary>
    public ConversionReport? Conversion { get; init; }
    /// <summary>Number format of the model: float32 where nothing of it could be brought into the one that was asked for.</summary>
    public required Precision Precision { get; init; }
}

/// <summary>What a model costs, by counting.</summary>
/// <param name="Parameters">Float parameters.</param>
/// <param name="Macs">Multiply-accumulate operations of one inference.</param>
/// <param name="FileSize">Size of the file.</param>
public sealed record ModelCost(long Parameters, long Macs, ByteSize FileSize);
