using System.Text.Json.Serialization;

namespace EdgePrune.Contracts;

/// <summary>Memory of one operator of the optimised graph while it runs.</summary>
/// <param name="Inputs">Activations that it reads.</param>
/// <param name="Parameters">Constants that it reads; what was packed while loading is not among them.</param>
/// <param name="Outputs">Activations that it writes.</param>
/// <param name="Live">
/// Activations that ONNX Runtime holds when it ends, its own inputs and outputs among them, or null without the arena, which counts them.
/// The model's inputs and outputs are the caller's and not counted.
/// </param>
public sealed record OperatorMemory(
    [property: JsonPropertyName("inputBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Inputs,
    [property: JsonPropertyName("parameterBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Parameters,
    [property: JsonPropertyName("outputBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Outputs,
    [property: JsonPropertyName("liveBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize? Live = null);

/// <summary>The operator during which most activations live.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Live">Activations that live then.</param>
public sealed record OperatorPeak(
    string Node,
    [property: JsonPropertyName("liveBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize Live)
{
    /// <summary>Finds it.</summary>
    /// <param name="operators">The operators in the order they run.</param>
    /// <returns>The first with the most, or null when no operator tells.</returns>
    public static OperatorPeak? Of(IEnumerable<OperatorTime> operators) =>
        operators.Where(o => o.Memory?.Live is not null).MaxBy(o => o.Memory!.Live!.Value) is { } peak ? new OperatorPeak(peak.Node, peak.Memory!.Live!.Value) : null;
}
