using System.Text.Json.Serialization;
using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What a model costs at given widths, by counting and without making the model.</summary>
/// <param name="Channels">Channels of all groups.</param>
/// <param name="Parameters">Float parameters; exact.</param>
/// <param name="Macs">Multiply-accumulate operations of one inference; exact.</param>
/// <param name="FileSize">Size of the float model's file, within some bytes: lengths of names and headers are taken as they were.</param>
/// <param name="Latency">Predicted latency of one inference, or null without a target that has figures. A prediction, never a measurement.</param>
public sealed record Footprint(
    long Channels,
    long Parameters,
    long Macs,
    [property: JsonPropertyName("fileBytes"), JsonConverter(typeof(ByteSizeConverter))] ByteSize FileSize,
    [property: JsonPropertyName("predictedLatencyUs"), JsonConverter(typeof(MicrosecondsConverter))] TimeSpan? Latency = null)
{
    /// <summary>The figure that a rate is a share of.</summary>
    /// <param name="unit">Which; latency is in seconds and 0 when it is unknown.</param>
    /// <returns>The figure.</returns>
    public double Of(RateUnit unit) => unit switch
    {
        RateUnit.Parameters => Parameters,
        RateUnit.Macs => Macs,
        RateUnit.Bytes => FileSize.Bytes,
        RateUnit.Latency => Latency?.TotalSeconds ?? 0,
        _ => Channels,
    };
}
