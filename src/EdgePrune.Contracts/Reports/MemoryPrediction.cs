using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>Peak resident memory of a process that loads and runs a model, predicted from the model's graph before it runs.</summary>
public sealed record MemoryPrediction
{
    /// <summary>Processor architecture it holds for: <c>arm64</c> or <c>x64</c>.</summary>
    public required string Architecture { get; init; }
    /// <summary>The peak: the sum of the parts below.</summary>
    [JsonPropertyName("peakBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize Peak { get; init; }
    /// <summary>What the process takes without a model: program, .NET and ONNX Runtime.</summary>
    [JsonPropertyName("runtimeBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize Runtime { get; init; }
    /// <summary>All constants, once.</summary>
    [JsonPropertyName("weightBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize Weights { get; init; }
    /// <summary>What weights take beyond that at the peak, rearranged for the kernels.</summary>
    [JsonPropertyName("copyBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize Copies { get; init; }
    /// <summary>Most activations that live at one time, a batch of one.</summary>
    [JsonPropertyName("activationBytes"), JsonConverter(typeof(ByteSizeConverter))]
    public required ByteSize Activations { get; init; }
    /// <summary>How sure the rule's figures are for this architecture, one sentence.</summary>
    public required string Basis { get; init; }
}
