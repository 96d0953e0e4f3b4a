using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Cli;

/// <summary>What <c>prune</c> or <c>quantize</c> did, for machines.</summary>
/// <param name="Output">The file that was written, or null when nothing was.</param>
/// <param name="Sha256">SHA-256 of the model's file.</param>
/// <param name="FileBytes">Its size.</param>
/// <param name="Before">Cost of the original.</param>
/// <param name="After">Cost after pruning, before the change of precision.</param>
/// <param name="Widths">Channels of each group before and after.</param>
/// <param name="Plan">What was removed, with each group's scores and the figures before and after.</param>
/// <param name="Proof">The proof of the removal.</param>
/// <param name="Recovery">What repair did, or null.</param>
/// <param name="Training">What training did after each step's repair; empty when nothing was trained.</param>
/// <param name="Limit">How far pruning went within the limit of the loss, or null.</param>
/// <param name="Quantization">What quantization did, or null.</param>
/// <param name="Pins">What cannot be pruned, and why.</param>
/// <param name="Adapted">Normalizations and other combinations without weights that run over fewer channels now.</param>
internal sealed record PruneResult(
    string? Output,
    string Sha256,
    long FileBytes,
    CostResult Before,
    CostResult After,
    IReadOnlyList<GroupWidth> Widths,
    PrunePlan Plan,
    RemovalProof Proof,
    RecoveryReport? Recovery,
    IReadOnlyList<TrainingReport> Training,
    LossLimit? Limit,
    QuantizationReport? Quantization,
    IReadOnlyList<string> Pins,
    IReadOnlyList<string> Adapted)
{
    /// <summary>Number format of the model: float32 where nothing of it could be brought into the one that was asked for.</summary>
    public Precision Precision { get; init; }

    /// <summary>What the conversion to another precision without samples did, or null where there was none.</summary>
    public ConversionReport? Conversion { get; init; }

    /// <summary>Which form is the fastest on this machine and was written, and how the others compare with float; null when the model is for another.</summary>
    public FormChoice? Speed { get; init; }

    /// <summary>Latency of the int8 form over that of the float form by the device's reports that were given, or null.</summary>
    public BoundedRatio? DeviceRatio { get; init; }

    public static PruneResult Of(string? output, CompressionResult result) => new(
        output,
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(result.Bytes.Span)),
        result.Bytes.Length,
        CostResult.Of(result.Before),
        CostResult.Of(result.After),
        result.Widths,
        result.Plan,
        result.Proof,
        result.Recovery,
        result.Training,
        result.Limit,
        result.Quantization,
        result.Pins,
        result.Adapted) { Precision = result.Precision, Conversion = result.Conversion };
}

/// <summary>What a model costs by counting, for machines.</summary>
/// <param name="Parameters">Float parameters.</param>
/// <param name="Macs">Multiply-accumulate operations of one inference.</param>
/// <param name="FileBytes">Size of the file.</param>
internal sealed record CostResult(long Parameters, long Macs, long FileBytes)
{
    public static CostResult Of(ModelCost cost) => new(cost.Parameters, cost.Macs, cost.FileSize.Bytes);
}
